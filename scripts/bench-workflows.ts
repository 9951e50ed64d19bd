import { choice, type Choice } from './bench-choice.js';

/**
 * One workflow as teams write them, about 1 to 20 KB: mostly sound, with the usual weaknesses in some.
 * The same seed and index give the same text.
 */
export function workflow(seed: number, index: number): string {
  const c = choice(seed * 1_000_003 + index);
  const jobs = c.chance(0.05) ? c.between(6, 12) : c.between(1, 3);
  const names = Array.from({ length: jobs }, (_, i) => `${c.of(JOB_NAMES)}-${i}`);
  return [
    ...(c.chance(0.3) ? ['# Keeps the service building.', '# Owner: platform team'] : []),
    `name: ${c.of(['CI', 'Build', 'Release', 'Nightly', 'Docs', 'Deploy'])} ${index}`,
    ...triggers(c),
    ...(c.chance(0.6) ? ['permissions:', '  contents: read', ...(c.chance(0.2) ? ['  id-token: write', '  packages: write'] : [])] : []),
    ...(c.chance(0.4) ? ['concurrency:', '  group: ${{ github.workflow }}-${{ github.ref }}', '  cancel-in-progress: true'] : []),
    ...(c.chance(0.4) ? ['env:', `  NODE_VERSION: '${c.between(18, 24)}'`, '  CACHE_PREFIX: ${{ runner.os }}-build'] : []),
    'jobs:',
    ...names.flatMap((name, i) => job(c, name, names.slice(0, i))),
    '',
  ].join('\n');
}

const JOB_NAMES = ['build', 'test', 'lint', 'package', 'integration', 'deploy', 'docs', 'notify'];

function triggers(c: Choice): string[] {
  const kind = c.between(0, 9);
  if (kind < 4) return ['on:', '  push:', '    branches: [main, "release/**"]', '  pull_request:', '    paths-ignore:', "      - '**.md'"];
  if (kind < 6) return ['on: [push, pull_request]'];
  if (kind === 6) return ['on:', '  pull_request_target:', '    types: [opened, synchronize, labeled]'];
  if (kind === 7) return ['on:', '  issue_comment:', '    types: [created]', '  issues:', '    types: [opened, edited]'];
  if (kind === 8) return ['on:', '  schedule:', `    - cron: '${c.between(0, 59)} 3 * * 1-5'`, '  workflow_dispatch:', '    inputs:', '      environment:', '        type: choice', '        options: [staging, production]'];
  return ['on:', '  workflow_run:', "    workflows: ['CI']", '    types: [completed]'];
}

function job(c: Choice, name: string, earlier: readonly string[]): string[] {
  const steps = Array.from({ length: c.between(1, 6) }, () => step(c)).flat();
  return [
    `  ${name}:`,
    `    name: ${name} on \${{ matrix.os || 'linux' }}`,
    ...(earlier.length > 0 && c.chance(0.5) ? [`    needs: [${c.of(earlier)}]`] : []),
    ...(c.chance(0.3) ? [`    if: ${c.of(CONDITIONS)}`] : []),
    `    runs-on: ${c.of(['ubuntu-latest', 'ubuntu-24.04', 'macos-14', 'windows-2022', '${{ matrix.os }}', '[self-hosted, linux]'])}`,
    ...(c.chance(0.6) ? [`    timeout-minutes: ${c.between(5, 60)}`] : []),
    ...(c.chance(0.4) ? ['    strategy:', '      fail-fast: false', '      matrix:', '        os: [ubuntu-24.04, macos-14]', `        version: [${c.between(16, 18)}, ${c.between(20, 24)}]`] : []),
    ...(c.chance(0.15) ? ['    services:', '      postgres:', `        image: postgres:${c.of(['16', 'latest', '15-alpine'])}`, '        env:', '          POSTGRES_PASSWORD: postgres', "        ports: ['5432:5432']"] : []),
    ...(c.chance(0.3) ? ['    env:', '      TOKEN: ${{ secrets.GITHUB_TOKEN }}', `      TARGET: ${c.of(['staging', 'production', 'preview'])}`] : []),
    '    steps:',
    '      - uses: actions/checkout@v4',
    ...(c.chance(0.3) ? ['        with:', '          persist-credentials: false', '          fetch-depth: 0'] : []),
    ...steps,
  ];
}

const CONDITIONS = [
  "github.event_name == 'push' && github.ref == 'refs/heads/main'",
  "${{ github.repository_owner == 'example' }}",
  "contains(github.event.pull_request.labels.*.name, 'safe to test')",
  "always() && needs.build.result != 'skipped'",
  "github.actor == 'dependabot[bot]'",
];

const SHA = ['8e8c483db84b4bee98b60c0593521ed34d9990e8', '2028fbc5c25fe9cf00d9f06a71cc4710d4507903', 'a26af69be951a213d495a4c3e4e4022e16d87065'];

function step(c: Choice): string[] {
  const kind = c.between(0, 11);
  if (kind < 3) {
    return [
      `      - name: Set up ${c.of(['Node', 'Python', 'Go'])}`,
      `        uses: ${c.of(['actions/setup-node', 'actions/setup-python', 'actions/setup-go'])}@${c.chance(0.4) ? `${c.of(SHA)} # v5` : c.of(['v4', 'v5', 'main'])}`,
      '        with:',
      `          ${c.of(['node-version', 'python-version', 'go-version'])}: \${{ matrix.version }}`,
      '          cache: npm',
    ];
  }
  if (kind === 3) return ['      - uses: actions/cache@v4', '        with:', '          path: |', '            ~/.npm', '            ~/.cache', "          key: ${{ runner.os }}-${{ hashFiles('**/package-lock.json') }}"];
  if (kind === 4) return ['      - name: Publish', `        uses: example-org/publish-action@${c.of(['v1', 'master', ...SHA])}`, '        with:', '          token: ${{ secrets.PUBLISH_TOKEN }}', `          directory: ./${c.of(['dist', 'out', 'site'])}`];
  if (kind === 5) return ['      - name: Greet', '        run: |', `          echo "Thanks for \${{ ${c.of(['github.event.issue.title', 'github.event.pull_request.head.ref', 'github.event.comment.body', 'github.sha', 'github.run_id'])} }}"`, '          echo "number=${{ github.event.number }}" >> "$GITHUB_OUTPUT"'];
  if (kind === 6) return ['      - name: Install tool', '        env:', '          VERSION: ${{ inputs.version }}', `        run: ${c.of(['curl -fsSL https://example.com/install.sh | bash', 'npm ci --ignore-scripts', 'pip install -r requirements.txt', 'go build ./...'])}`];
  if (kind === 7) return ['      - uses: actions/github-script@v7', '        with:', '          script: |', '            const { data } = await github.rest.issues.listComments({', '              owner: context.repo.owner, repo: context.repo.repo, issue_number: context.issue.number,', '            });', '            core.info(`${data.length} comments`);'];
  return [`      - name: ${c.of(['Build', 'Test', 'Report', 'Deploy', 'Clean up'])}`, ...(c.chance(0.3) ? ['        shell: bash'] : []), '        run: |', ...script(c).map((line) => `          ${line}`)];
}

function script(c: Choice): string[] {
  const lines = ['set -euo pipefail'];
  for (let i = c.between(1, 7); i > 0; i--) lines.push(...c.of(COMMANDS));
  return lines;
}

const COMMANDS: readonly (readonly string[])[] = [
  ['npm ci', 'npm run build --if-present'],
  ['for package in packages/*; do', '  (cd "$package" && npm test -- --coverage)', 'done'],
  ['docker build --tag "registry.example.com/app:${GITHUB_SHA}" .'],
  ['if [[ "$GITHUB_REF" == refs/tags/* ]]; then', '  echo "version=${GITHUB_REF#refs/tags/}" >> "$GITHUB_OUTPUT"', 'else', '  echo "version=dev" >> "$GITHUB_OUTPUT"', 'fi'],
  ['tar -czf artifact.tgz --exclude=node_modules .'],
  ['jq -r ".dependencies | keys[]" package.json | sort | tee dependencies.txt'],
  ['aws s3 sync ./dist "s3://example-bucket/$TARGET" --delete'],
  ['cat <<EOF > config.json', '{ "environment": "${TARGET:-staging}", "commit": "$GITHUB_SHA" }', 'EOF'],
  ['kubectl --namespace "$TARGET" rollout status deployment/app --timeout=120s'],
  ['python -m pytest -q --junitxml=report.xml || exit 1'],
  ['echo "PATH=$HOME/.local/bin:$PATH" >> "$GITHUB_ENV"'],
  ['git config user.name bot', 'git commit -am "Update" && git push origin HEAD:${{ github.head_ref }}'],
];
