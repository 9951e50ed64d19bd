import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BUILTIN_DOMAINS } from '../src/engine/policy.js';

const NAME = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

/**
 * Writes `policies/<domain>/<name>/policy.yaml`: a policy that loads and whose examples pass, to be changed
 * into the one that is wanted. Answers its path. Throws an `Error` for an id that is wrong or taken.
 */
export function createPolicy(root: string, id: string): string {
  const [domain = '', name = '', ...rest] = id.split('/');
  const domains: readonly string[] = BUILTIN_DOMAINS;
  if (!domains.includes(domain) || !NAME.test(name) || rest.length > 0) {
    throw new Error(`A policy's id is <domain>/<name>: one of ${domains.join(', ')}, then lower-case words joined by hyphens, such as pipeline/missing-timeout; not "${id}".`);
  }
  const folder = `policies/${id}`;
  if (existsSync(join(root, folder))) throw new Error(`${folder} exists already.`);
  mkdirSync(join(root, folder), { recursive: true });
  const path = `${folder}/policy.yaml`;
  writeFileSync(join(root, path), policySource(id), { flag: 'wx' });
  return path;
}

function policySource(id: string): string {
  return `# What the expressions may read: docs/generated/facts.md. Try it: npx vitest run test/policies.test.ts -t ${id}
id: ${id}
title: Job has no time limit
severity: low
confidence: high
# The kind of fact that is judged. \`when\` is CEL; it also reads what the fact lies in (here \`pipeline\`).
select: job
when: job.timeoutMinutes < 0 && job.stepCount > 0
severities:
  - when: job.selfHosted
    severity: medium
    because: it blocks a machine of yours
# The property that is pointed at; without it the whole fact.
at: id
message: "\`{job.id}\` runs until the platform stops it"
repair: Set \`timeout-minutes\` a little above the time that the job usually takes.
help: |
  ## Why it matters

  What happens, and what it costs.

  ## How to repair it

  \`\`\`yaml
  timeout-minutes: 10
  \`\`\`

  ## When not to use it

  The honest exceptions.
tags: [CWE-400]
equivalents: []
references: []
examples:
  - name: A job without a limit
    fail:
      .github/workflows/ci.yml: |
        on: push
        permissions: {}
        jobs:
          build: # expect: low "build"
            runs-on: ubuntu-24.04
            steps:
              - run: make
  - name: A job with a limit
    pass:
      .github/workflows/ci.yml: |
        on: push
        permissions: {}
        jobs:
          build:
            runs-on: ubuntu-24.04
            timeout-minutes: 10
            steps:
              - run: make
`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const path = createPolicy(process.cwd(), process.argv[2] ?? '');
    console.log(`${path}\nChange it, then: npx vitest run test/policies.test.ts && npm run generate`);
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    process.exitCode = 1;
  }
}
