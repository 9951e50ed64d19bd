// Generated from the files of this folder by scripts/new-scanner.ts; a test compares them.
import type { Scanner } from '../core/index.js';
import { actionlint } from './actionlint.js';
import { ansibleLint } from './ansible-lint.js';
import { bandit } from './bandit.js';
import { cfnLint } from './cfn-lint.js';
import { checkov } from './checkov.js';
import { conftest } from './conftest.js';
import { dockle } from './dockle.js';
import { eslint } from './eslint.js';
import { gitleaks } from './gitleaks.js';
import { gosec } from './gosec.js';
import { govulncheck } from './govulncheck.js';
import { grype } from './grype.js';
import { hadolint } from './hadolint.js';
import { kics } from './kics.js';
import { kubeLinter } from './kube-linter.js';
import { njsscan } from './njsscan.js';
import { npmAudit } from './npm-audit.js';
import { opa } from './opa.js';
import { osvScanner } from './osv-scanner.js';
import { pipAudit } from './pip-audit.js';
import { pnpmAudit } from './pnpm-audit.js';
import { poutine } from './poutine.js';
import { semgrep } from './semgrep.js';
import { shellcheck } from './shellcheck.js';
import { snyk } from './snyk.js';
import { terrascan } from './terrascan.js';
import { tflint } from './tflint.js';
import { trivy } from './trivy.js';
import { trivyImage } from './trivy-image.js';
import { yarnAudit } from './yarn-audit.js';
import { zap } from './zap.js';
import { zizmor } from './zizmor.js';

/** Every external scanner, by name. */
export const SCANNERS: readonly Scanner[] = [actionlint, ansibleLint, bandit, cfnLint, checkov, conftest, dockle, eslint, gitleaks, gosec, govulncheck, grype, hadolint, kics, kubeLinter, njsscan, npmAudit, opa, osvScanner, pipAudit, pnpmAudit, poutine, semgrep, shellcheck, snyk, terrascan, tflint, trivy, trivyImage, yarnAudit, zap, zizmor];
