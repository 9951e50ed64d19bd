import { describe, expect, test } from 'vitest';
import { cut, readOne } from './read.js';

/** One privileged job with the title of a pull request in `T`. */
function steps(...written: string[]): ReturnType<typeof readOne> {
  const indented = written.map((step) => `      - ${step.replaceAll('\n', '\n        ')}`).join('\n');
  return readOne(`on: pull_request_target\npermissions: write-all\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    env:\n      T: \${{ github.event.pull_request.title }}\n    steps:\n${indented}\n`);
}

/** Texts of the expansions with a sink that an outsider controls and that are not safe. */
function sinks(read: ReturnType<typeof readOne>, sink: string): string[] {
  return read
    .all('expansion')
    .filter(({ value }) => value.sink === sink && value.controlledBy === 'attacker' && !value.safe)
    .map((fact) => cut(fact, 'text'));
}

describe('sinks of a script', () => {
  test.each([
    ['echo "$T" | bash', 'bash'],
    ['bash <<< "$T"', 'bash <<< "$T"'],
    ['source <(echo "$T")', '<(echo "$T")'],
    ['$T', '$T'],
    [`python3 -c "print('$T')"`, `"print('$T')"`],
    [`xargs -I{} sh -c 'echo {}' <<< "$T"`, `xargs -I{} sh -c 'echo {}' <<< "$T"`],
  ])('%s runs code', (run, text) => {
    expect(sinks(steps(`run: |\n  ${run}`), 'eval')).toContain(text);
  });

  test.each([
    ['sed "s/x/$T/" a.txt', '"s/x/$T/"'],
    ['git log $T', '$T'],
    ['tar czf a.tgz "$T"', '"$T"'],
  ])('%s takes options or a program', (run, text) => {
    expect(sinks(steps(`run: |\n  ${run}`), 'argument')).toEqual([text]);
  });

  test.each(['git log -- "$T"', 'gh issue edit 1 --title "$T"', `awk -v t="$T" '{ print t }' x`, 'echo $T', 'grep -F -- "$T" x'])('%s does not', (run) => {
    expect(sinks(steps(`run: |\n  ${run}`), 'argument')).toEqual([]);
  });

  test.each([
    ['curl -fsS "$T"', '"$T"'],
    ['curl "https://$T/x"', '"https://$T/x"'],
  ])('%s asks a server of their choice', (run, text) => {
    expect(sinks(steps(`run: |\n  ${run}`), 'url')).toEqual([text]);
  });

  test.each(['curl "https://example.com/$T"', 'curl -d "$T" https://example.com'])('%s does not', (run) => {
    expect(sinks(steps(`run: |\n  ${run}`), 'url')).toEqual([]);
  });

  test.each(['claude -p "$T"', 'echo "$T" | gemini', 'codex exec "do $T"'])('%s instructs a model', (run) => {
    expect(sinks(steps(`run: |\n  ${run}`), 'prompt')).toHaveLength(1);
  });

  test('PowerShell and Python run code by their own calls', () => {
    expect(sinks(steps('shell: pwsh\nrun: iex $env:T'), 'eval')).toHaveLength(1);
    expect(sinks(steps("shell: python\nrun: |\n  import os\n  t = os.environ['T']\n  os.system('echo ' + t)"), 'eval')).toHaveLength(1);
  });
});

describe('flows inside a script', () => {
  test.each([
    'echo "$T" > x.txt\ncat x.txt >> "$GITHUB_ENV"',
    'FILE=$GITHUB_ENV\necho "A=$T" >> "$FILE"',
    'read -r a b <<< "$T"\necho "A=$a" >> "$GITHUB_ENV"',
    'for w in $T; do echo "A=$w" >> "$GITHUB_ENV"; done',
  ])('%s', (run) => {
    expect(sinks(steps(`run: |\n  ${run.replaceAll('\n', '\n  ')}`), 'environment-file')).toHaveLength(1);
  });
});

describe('who gets here', () => {
  test('an expansion knows the events that pass the conditions', () => {
    const read = readOne(`on: [issue_comment, issues]
jobs:
  a:
    if: github.event_name == 'issues' || github.event.comment.author_association == 'OWNER'
    runs-on: ubuntu-24.04
    steps:
      - run: echo \${{ github.event.comment.body }} \${{ github.event.issue.title }}
`);
    const [comment, title] = read.all('expansion').filter(({ value }) => value.sink === 'script');
    expect(comment?.value).toMatchObject({ controlledBy: 'collaborator', events: [], level: '' });
    expect(title?.value).toMatchObject({ controlledBy: 'attacker', events: ['issues'], level: 'critical' });
  });

  test('behind a step that fails for people without rights nobody else gets', () => {
    const check = "uses: actions/github-script@v7\nwith:\n  script: |\n    const { data } = await github.rest.repos.getCollaboratorPermissionLevel({});\n    if (data.permission !== 'admin') core.setFailed('no');";
    const [before, , after] = steps('run: a', check, 'run: b').all('step');
    expect(before?.value.reach.guarded).toBe(false);
    expect(after?.value.reach).toMatchObject({ guarded: true, checks: ['team'] });
  });

  test('a value of the matrix is what it is made of', () => {
    const read = readOne(`on: issues
jobs:
  a:
    runs-on: ubuntu-24.04
    strategy:
      matrix:
        name: ["\${{ github.event.issue.title }}", fixed]
    steps:
      - run: echo \${{ matrix.name }}
`);
    expect(sinks(read, 'script')).toEqual(['${{ matrix.name }}']);
  });
});

describe('what is run from where', () => {
  test('a checkout tells what runs it', () => {
    const [checkout] = steps('uses: actions/checkout@v3\nwith:\n  ref: ${{ github.head_ref }}', 'run: cat x', 'run: npm ci').all('step');
    expect(checkout?.value.checkout).toMatchObject({ kind: 'untrusted', executed: 'npm ci' });
  });

  test('in one script only what follows counts', () => {
    const [before, after] = steps('run: |\n  make\n  gh pr checkout 1', 'run: echo').all('step');
    expect(before?.value.checkout).toMatchObject({ kind: 'untrusted', executed: '' });
    expect(after?.value.afterUntrustedCheckout).toBe(true);
  });

  test('files outside the workspace that another run left', () => {
    const all = steps('uses: dawidd6/action-download-artifact@v6\nwith:\n  path: ${{ runner.temp }}/a', 'run: bash "$RUNNER_TEMP/a/x.sh"').all('step');
    expect(all[0]?.value.downloadsArtifact).toMatchObject({ intoWorkspace: false, executed: '$RUNNER_TEMP/a/x.sh' });
    expect(all[1]?.value.afterUntrustedArtifact).toBe(true);
  });
});

describe('agents', () => {
  test.each([
    ['anthropics/claude-code-action@v1', 'claude_args: --allowedTools "Bash,Read"', ['Bash']],
    ['anthropics/claude-code-action@v1', 'claude_args: --allowedTools "Bash(git log:*),Read" --disallowedTools Edit', []],
    ['openai/codex-action@v1', 'sandbox: danger-full-access', ['danger-full-access']],
    ['openai/codex-action@v1', 'safety-strategy: unsafe', ['safety-strategy: unsafe']],
  ])('%s with %s may use %s', (uses, input, tools) => {
    expect(steps(`uses: ${uses}\nwith:\n  ${input}`).one('step').value.agent.tools).toEqual(tools);
  });

  test('say who else may give them tasks', () => {
    expect(steps('uses: anthropics/claude-code-action@v1\nwith:\n  allowed_non_write_users: "*"').one('step').value.agent.open).toEqual(['allowed_non_write_users: *']);
    expect(steps('uses: anthropics/claude-code-action@v1\nwith:\n  allowed_non_write_users: alice').one('step').value.agent.open).toEqual([]);
  });
});

describe('conditions', () => {
  const one = (text: string) => readOne(`on: pull_request_target\njobs:\n  a:\n    if: ${text}\n    runs-on: ubuntu-24.04\n    steps: []\n`).one('condition');

  test('point at the key and its value', () => {
    expect(cut(one("github.actor == 'dependabot[bot]'"))).toBe("if: github.actor == 'dependabot[bot]'");
  });

  test.each([
    ["github.actor == 'dependabot[bot]'", 1],
    ["contains(github.actor, 'renovate')", 1],
    ["github.actor != 'dependabot[bot]'", 0],
    ["github.event.pull_request.user.login == 'dependabot[bot]'", 0],
    ["github.actor == 'alice'", 0],
  ])('%s can be passed off %i times', (text, count) => {
    expect(one(text).value.spoofable).toHaveLength(count);
  });

  test.each([
    ["contains('alice bob', github.actor)", 1],
    ["contains('refs/heads/main', github.head_ref) || contains('a', env.X)", 2],
    [`contains(fromJSON('["a"]'), github.actor)`, 0],
    ["contains(github.actor, 'a')", 0],
  ])('%s searches in a text %i times', (text, count) => {
    expect(one(text).value.partial).toHaveLength(count);
  });
});

test.each([
  ["a && '' || 'x'", "a && '' || 'x'"],
  ["format('{0}', (github.ref == 'x' && false || true))", "github.ref == 'x' && false || true"],
  ["github.ref != 'x' && 'y' || ''", ''],
  ["github.head_ref || '' || 'x'", ''],
])('%s always gives the last value', (expression, found) => {
  const read = readOne(`on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo\n        env:\n          A: \${{ ${expression.replace(/^a /, "github.ref == 'a' ")} }}\n`);
  expect(read.one('expansion').value.unsoundTernary).toBe(found.replace(/^a /, "github.ref == 'a' "));
});
