import type { InputTexts } from './action-models.js';

/** How an action chooses the version of the tool that it installs. */
interface ToolModel {
  readonly tool: string;
  /** The input that names the version. */
  readonly input: string;
  /** Without the input it installs what is newest, not a version that comes with the action. */
  readonly newestByDefault: boolean;
}

const newest = (tool: string, input = 'version'): ToolModel => ({ tool, input, newestByDefault: true });
const fixed = (tool: string, input = 'version'): ToolModel => ({ tool, input, newestByDefault: false });

/** From the `action.yml` of each. Language runtimes are left out: their versions are ranges on purpose. */
const TOOLS: Readonly<Record<string, ToolModel>> = {
  'anchore/sbom-action': fixed('syft', 'syft-version'),
  'anchore/sbom-action/download-syft': fixed('syft', 'syft-version'),
  'aquasecurity/setup-trivy': newest('trivy'),
  'aquasecurity/trivy-action': fixed('trivy'),
  'astral-sh/ruff-action': newest('ruff'),
  'astral-sh/setup-uv': newest('uv'),
  'aws-actions/setup-sam': newest('sam'),
  'azure/setup-helm': newest('helm'),
  'azure/setup-kubectl': newest('kubectl'),
  'bufbuild/buf-setup-action': newest('buf'),
  'chainguard-dev/setup-chainctl': newest('chainctl'),
  'codecov/codecov-action': newest('codecov'),
  'docker/setup-buildx-action': fixed('buildx'),
  'extractions/setup-just': newest('just', 'just-version'),
  'fluxcd/flux2/action': newest('flux'),
  'golangci/golangci-lint-action': newest('golangci-lint'),
  'google-github-actions/setup-gcloud': newest('gcloud'),
  'goreleaser/goreleaser-action': newest('goreleaser'),
  'gruntwork-io/terragrunt-action': fixed('terragrunt', 'tg_version'),
  'hadolint/hadolint-action': fixed('hadolint'),
  'hashicorp/setup-packer': newest('packer'),
  'hashicorp/setup-terraform': newest('terraform', 'terraform_version'),
  'imranismail/setup-kustomize': newest('kustomize', 'kustomize-version'),
  'jetify-com/devbox-install-action': newest('devbox', 'devbox-version'),
  'ko-build/setup-ko': newest('ko'),
  'opentofu/setup-opentofu': newest('opentofu', 'tofu_version'),
  'oven-sh/setup-bun': newest('bun', 'bun-version'),
  'pulumi/actions': newest('pulumi', 'pulumi-version'),
  'securego/gosec': fixed('gosec'),
  'sigstore/cosign-installer': fixed('cosign', 'cosign-release'),
  'snok/install-poetry': newest('poetry'),
  'terraform-linters/setup-tflint': newest('tflint', 'tflint_version'),
  'wagoid/commitlint-github-action': fixed('commitlint'),
};

const FLOATING = /^(?:latest|newest|stable|edge|nightly|canary|main|master|head|\*|x|~> ?v?\d+|>=.*|nightly-.*)$/i;

/** The tool that a step's action installs, and whether its version is fixed in the file. */
export interface InstalledTool {
  readonly tool: string;
  readonly toolVersion: string;
  readonly toolFloats: boolean;
}

/** What a step installs; undefined when its action is not known to install a tool. A computed version may be fixed elsewhere and does not float. */
export function installedTool(name: string, inputs: InputTexts): InstalledTool | undefined {
  const model = Object.hasOwn(TOOLS, name) ? TOOLS[name] : undefined;
  if (model === undefined) return undefined;
  const version = (Object.hasOwn(inputs, model.input) ? (inputs[model.input]?.text ?? '') : '').trim();
  const fromFile = Object.keys(inputs).some((input) => input.endsWith('version-file') && inputs[input]?.text !== '');
  return { tool: model.tool, toolVersion: version, toolFloats: !fromFile && (version === '' ? model.newestByDefault : FLOATING.test(version)) };
}
