import { describe, expect, test } from 'vitest';
import { createDocument, type Finding, type Format } from '../../src/core/index.js';
import { applyFix, digestsIn, repair, REPAIRABLE, treeOf } from '../../src/repair/index.js';
import { shellParser } from '../syntax/shell/parser.js';

const shell = await shellParser();

/** Repairs the finding of a policy at the first place of `at`. */
function repaired(ruleId: string, text: string, at: string, options: { format?: Format; digest?: string } = {}): string | undefined {
  const document = createDocument(options.format === 'dependabot' ? '.github/dependabot.yml' : '.github/workflows/ci.yml', options.format ?? 'github-workflow', text);
  const start = text.indexOf(at);
  expect(start, `${at} is in the text`).toBeGreaterThanOrEqual(0);
  const root = treeOf(document);
  if (root === undefined) return undefined;
  const finding: Finding = {
    ruleId, tool: 'policies', severity: 'low', confidence: 'low', message: '', reasons: [],
    locations: [{ path: document.path, region: document.lines.region({ start, end: start + at.length }) }],
    related: [], flow: [], fingerprints: {}, alsoReportedBy: [],
  };
  const fix = repair(finding, document, root, { shell, digestOf: (repository, ref) => (options.digest === undefined ? undefined : { digest: options.digest, version: `${ref} of ${repository}` }) });
  return fix === undefined ? undefined : applyFix(document, fix);
}

const step = (lines: string, runner = 'ubuntu-24.04'): string => `on: push\njobs:\n  a:\n    runs-on: ${runner}\n    steps:\n${lines}`;

describe('an expression in a script', () => {
  const rule = 'pipeline/script-injection';
  const title = '${{ github.event.issue.title }}';
  test.each([
    ['in double quotes', `      - run: echo "a ${title}" # why\n`, `      - env:\n          ISSUE_TITLE: ${title}\n        run: echo "a \${ISSUE_TITLE}" # why\n`],
    ['without quotes', `      - name: x\n        run: echo a-${title}\n`, `      - name: x\n        env:\n          ISSUE_TITLE: ${title}\n        run: echo a-"\${ISSUE_TITLE}"\n`],
    ['in single quotes', `      - run: |\n          echo 'a ${title} b'\n`, `      - env:\n          ISSUE_TITLE: ${title}\n        run: |\n          echo 'a '"\${ISSUE_TITLE}"' b'\n`],
    ['in a here-document', `      - run: |\n          cat <<X\n          ${title}\n          X\n`, `      - env:\n          ISSUE_TITLE: ${title}\n        run: |\n          cat <<X\n          \${ISSUE_TITLE}\n          X\n`],
    ['beside other variables', `      - run: echo ${title}\n        env:\n          A: b # c\n`, `      - run: echo "\${ISSUE_TITLE}"\n        env:\n          ISSUE_TITLE: ${title}\n          A: b # c\n`],
    ['beside variables in braces', `      - run: echo ${title}\n        env: { A: b }\n`, `      - run: echo "\${ISSUE_TITLE}"\n        env: { A: b, ISSUE_TITLE: '${title}' }\n`],
    ['that is in the environment already', `      - run: echo ${title}\n        env:\n          ISSUE_TITLE: ${title}\n`, `      - run: echo "\${ISSUE_TITLE}"\n        env:\n          ISSUE_TITLE: ${title}\n`],
    ['of which the script uses the name', `      - run: |\n          ISSUE_TITLE=x\n          echo ${title}\n`, `      - env:\n          ISSUE_TITLE_VALUE: ${title}\n        run: |\n          ISSUE_TITLE=x\n          echo "\${ISSUE_TITLE_VALUE}"\n`],
  ])('%s', (_name, before, after) => {
    expect(repaired(rule, step(before), title)).toBe(step(after));
  });

  test.each([
    ['in the text of a here-document that expands nothing', `      - run: |\n          cat <<'X'\n          ${title}\n          X\n`],
    ['in code that another shell runs', `      - run: bash -c "echo ${title}"\n`],
    ['as the command', `      - run: ${title} --version\n`],
    ['in another shell', `      - run: echo "${title}"\n        shell: pwsh\n`],
    ['in a list to loop over', `      - run: for x in ${title}; do echo $x; done\n`],
    ['computed', '      - run: echo ${{ format(\'{0}\', github.event.issue.title) }}\n'],
    ['meant to be several words', '      - run: make ${{ inputs.make_flags }}\n'],
    ['in a script that does not parse', `      - run: |\n          if then ${title}\n`],
  ])('is left alone %s', (_name, text) => {
    const at = /\$\{\{.*?\}\}(?!.*\}\})/.exec(text)?.[0] ?? '';
    expect(repaired(rule, step(text), at)).toBeUndefined();
  });

  test('is left alone where the machine may be Windows', () => {
    expect(repaired(rule, step(`      - run: echo ${title}\n`, '${{ matrix.os }}'), title)).toBeUndefined();
    expect(repaired(rule, step(`      - run: echo ${title}\n`, 'windows-2025'), title)).toBeUndefined();
  });
});

describe('credentials of a checkout', () => {
  const rule = 'pipeline/persisted-credentials';
  test.each([
    ['without inputs', '      - uses: actions/checkout@v4 # x\n      - run: make\n', '      - uses: actions/checkout@v4 # x\n        with:\n          persist-credentials: false\n      - run: make\n'],
    ['with inputs', '      - uses: actions/checkout@v4\n        with:\n          # y\n          path: x\n', '      - uses: actions/checkout@v4\n        with:\n          # y\n          persist-credentials: false\n          path: x\n'],
    ['with inputs in braces', '      - uses: actions/checkout@v4\n        with: { path: x }\n', '      - uses: actions/checkout@v4\n        with: { path: x, persist-credentials: false }\n'],
    ['written', '      - uses: actions/checkout@v4\n        with:\n          persist-credentials: true\n', '      - uses: actions/checkout@v4\n        with:\n          persist-credentials: false\n'],
    ['at the end of a file without a line end', '      - uses: actions/checkout@v4', '      - uses: actions/checkout@v4\n        with:\n          persist-credentials: false'],
  ])('%s', (_name, before, after) => {
    expect(repaired(rule, step(before), 'actions/checkout@v4')).toBe(step(after));
  });

  test.each([
    ['a push', '      - uses: actions/checkout@v4\n      - run: git push\n'],
    ['an action that pushes', '      - uses: actions/checkout@v4\n      - uses: stefanzweifel/git-auto-commit-action@v5\n'],
    ['an action of the repository', '      - uses: actions/checkout@v4\n      - uses: ./release\n'],
  ])('are left alone before %s', (_name, text) => {
    expect(repaired(rule, step(text), 'actions/checkout@v4')).toBeUndefined();
  });
});

test('a time limit, with line ends as they are', () => {
  const before = 'on: push\r\njobs:\r\n  a:\r\n    runs-on: x # y\r\n    steps:\r\n      - run: make\r\n';
  expect(repaired('pipeline/missing-timeout', before, 'a:')).toBe(before.replace('    steps:', '    timeout-minutes: 60\r\n    steps:'));
});

describe('permissions', () => {
  const before = 'on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - uses: actions/checkout@v4\n      - run: make\n';
  test('of a workflow that reads', () => {
    expect(repaired('pipeline/missing-permissions', before, 'a:')).toBe(before.replace('jobs:', 'permissions:\n  contents: read\n\njobs:'));
  });
  test.each(['      - run: gh pr list\n', '      - uses: example/other@v1\n', '      - run: ./x\n        env:\n          T: ${{ secrets.GITHUB_TOKEN }}\n'])('are left alone where more may be needed: %s', (more) => {
    expect(repaired('pipeline/missing-permissions', before + more, 'a:')).toBeUndefined();
  });
});

describe('a reference', () => {
  const digest = '11bd71901bbe5b1630ceea73d27597364c9af683';
  test('is fixed to a commit that is known', () => {
    const before = step('      - uses: actions/cache/restore@v4\n');
    expect(repaired('pipeline/unpinned-reference', before, 'actions/cache/restore@v4', { digest })).toBe(before.replace('@v4', `@${digest} # v4 of actions/cache`));
  });
  test('is left alone where the commit is not known, or a comment stands behind it', () => {
    expect(repaired('pipeline/unpinned-reference', step('      - uses: a/b@v4\n'), 'a/b@v4')).toBeUndefined();
    expect(repaired('pipeline/unpinned-reference', step('      - uses: a/b@v4 # x\n'), 'a/b@v4', { digest })).toBeUndefined();
    expect(repaired('pipeline/unpinned-reference', step('      - { uses: a/b@v4, id: x }\n'), 'a/b@v4', { digest })).toBeUndefined();
  });
  test('tells its commit to others', () => {
    const text = step(`      - uses: Actions/checkout@${digest} # v4.2.2 of May\n      - uses: a/b@v1 # v1\n      - uses: a/b@${digest}\n`);
    const root = treeOf(createDocument('a.yml', 'github-workflow', text));
    expect(root === undefined ? [] : [...digestsIn(root, text)]).toEqual([['actions/checkout', { digest, version: 'v4.2.2' }]]);
  });
});

test('a cooldown, as it is and where there is a short one', () => {
  const before = 'version: 2\nupdates:\n  - package-ecosystem: npm\n    directory: /\n';
  expect(repaired('pipeline/dependabot-cooldown', before, 'package-ecosystem: npm', { format: 'dependabot' })).toBe('version: 2\nupdates:\n  - package-ecosystem: npm\n    cooldown:\n      default-days: 7\n    directory: /\n');
  const short = `${before}    cooldown:\n      default-days: 2\n`;
  expect(repaired('pipeline/dependabot-cooldown', short, '2\n', { format: 'dependabot' })).toBeUndefined();
  expect(repaired('pipeline/dependabot-cooldown', short, 'default-days: 2', { format: 'dependabot' })).toBe(short.replace('days: 2', 'days: 7'));
});

test('files that could not be read completely, and overlapping edits, are left alone', () => {
  expect(treeOf(createDocument('a.yml', 'github-workflow', 'a: [\n'))).toBeUndefined();
  expect(treeOf(createDocument('a.sh', 'shell', 'true\n'))).toBeUndefined();
  const document = createDocument('a.yml', 'github-workflow', 'abc');
  const replace = (startColumn: number, endColumn: number): { path: string; region: { startLine: number; startColumn: number; endLine: number; endColumn: number }; text: string } => ({ path: 'a.yml', region: { startLine: 1, startColumn, endLine: 1, endColumn }, text: 'x' });
  expect(applyFix(document, { description: '', replacements: [replace(3, 4), replace(1, 2)] })).toBe('xbx');
  expect(applyFix(document, { description: '', replacements: [replace(1, 3), replace(2, 4)] })).toBeUndefined();
  expect(REPAIRABLE.has('pipeline/script-injection')).toBe(true);
});
