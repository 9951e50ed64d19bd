import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { followScript } from '../../../src/facts/github/command-output.js';
import { environmentFileWrites } from '../../../src/facts/github/environment-files.js';
import { readLines } from '../../../src/facts/github/environment-files-lines.js';
import { LITERAL, type Origin } from '../../../src/facts/github/scope.js';
import { createOutputStore, taintOfAction, taintOfScript } from '../../../src/facts/github/taint.js';
import { readTemplate } from '../../../src/syntax/expressions.js';
import type { ShellParser } from '../../../src/syntax/shell/index.js';
import { shellParser } from '../../syntax/shell/parser.js';

let parser: ShellParser;
beforeAll(async () => {
  parser = await shellParser();
});

const TAINTED: Origin = { context: 'github.event.issue.title', contexts: ['github.event.issue.title'], source: 'event', type: 'string', controlledBy: 'attacker', events: ['issues'] };

/** `$T` and every expression are an outsider's text. */
const follow = (script: string, untrustedWorkspace = false) => {
  const masks = readTemplate(script).expressions.map(({ outer }) => outer);
  const parsed = parser.parse(script, { masks });
  return followScript(parsed, {
    expressions: masks.map(() => TAINTED),
    env: new Map([['t', TAINTED], ['safe', LITERAL]]),
    contextScope: { events: ['issues', 'pull_request_target'] },
    untrustedWorkspace,
  });
};

const writes = (script: string, untrusted = false) =>
  environmentFileWrites(follow(script, untrusted)).map(({ file, name, origin }) => `${file} ${name} ${origin.controlledBy === 'attacker' ? 'tainted' : origin.controlledBy} ${origin.type}`.trim());

describe('environmentFileWrites', () => {
  it.each([
    ['echo "t=$T" >> $GITHUB_OUTPUT', ['output t tainted string']],
    ['echo "t=$T" >> "$GITHUB_ENV"', ['env t tainted string']],
    ['echo "t=${T}" >> ${GITHUB_OUTPUT}', ['output t tainted string']],
    ['echo "t=${{ github.event.issue.title }}" >> "$GITHUB_OUTPUT"', ['output t tainted string']],
    ['echo "t=$SAFE" >> $GITHUB_OUTPUT', ['output t trusted']],
    ['echo "t=1" >> $GITHUB_OUTPUT', ['output t trusted']],
    ["echo 't=$T' >> $GITHUB_OUTPUT", ['output t trusted']],
    ["printf 't=%s\\n' \"$T\" >> $GITHUB_OUTPUT", ['output t tainted string']],
    ["printf 'a=1\\nt=%s\\n' \"$T\" >> $GITHUB_OUTPUT", ['output a trusted', 'output t tainted string']],
    ["printf '%s\\n' \"t=$T\" >> $GITHUB_OUTPUT", ['output t tainted string']],
    ['echo -e "a=1\\nt=$T" >> $GITHUB_OUTPUT', ['output a trusted', 'output t tainted string']],
    ['echo "a=1\nt=$T" >> $GITHUB_OUTPUT', ['output a trusted', 'output t tainted string']],
    ['cat >> $GITHUB_ENV <<EOF\nt=$(echo "$T" | sha256sum)\nEOF', ['env t trusted name']],
    ['echo t="$T" | tee -a $GITHUB_OUTPUT', ['output t tainted string']],
    ['x=$T; y="a $x"; echo "t=$y" >> $GITHUB_OUTPUT', ['output t tainted string']],
    ['echo "t=$(echo "$T" | tr a b)" >> $GITHUB_OUTPUT', ['output t tainted string']],
    ['x=$(echo "$T" | sed "s/a/b/" | head -1)\necho "t=$x" >> $GITHUB_OUTPUT', ['output t tainted string']],
    ["echo \"t=$(echo \"$T\" | tr -cd '0-9')\" >> $GITHUB_OUTPUT", ['output t tainted number']],
    ["echo \"t=$(echo \"$T\" | sed 's/[^a-zA-Z0-9]//g')\" >> $GITHUB_OUTPUT", ['output t tainted name']],
    ["echo \"t=$(echo \"$T\" | tr -cd 'A-z')\" >> $GITHUB_OUTPUT", ['output t tainted string']],
    ["echo \"t=$(echo \"$T\" | tr -cd 'a-zA-Z0-9._-')\" >> $GITHUB_OUTPUT", ['output t tainted name']],
    ["echo \"t=$(echo \"$T\" | grep -oE '[0-9]+')\" >> $GITHUB_OUTPUT", ['output t tainted number']],
    ['echo "t=$(echo "$T" | sha256sum)" >> $GITHUB_OUTPUT', ['output t trusted name']],
    ['echo "t=$(echo "$T" | base64 -d)" >> $GITHUB_OUTPUT', ['output t tainted string']],
    ['echo "t=${#T}" >> $GITHUB_OUTPUT', ['output t trusted number']],
    ['{\n  echo "t<<EOF"\n  echo "$T"\n  echo EOF\n} >> "$GITHUB_OUTPUT"', ['output t tainted string']],
    ['echo "t<<EOF" >> $GITHUB_ENV\necho "$T" >> $GITHUB_ENV\necho "EOF" >> $GITHUB_ENV\necho "u=1" >> $GITHUB_ENV', ['env t tainted string', 'env u trusted']],
    ['cat >> $GITHUB_ENV <<EOF\na=1\nt=$T\nEOF', ['env a trusted', 'env t tainted string']],
    ["cat >> $GITHUB_ENV <<'EOF'\nt=$T\nEOF", ['env t trusted']],
    ["cat >> $GITHUB_ENV <<'EOF'\nt=${{ github.event.issue.title }}\nEOF", ['env t tainted string']],
    ['echo "$T" >> $GITHUB_PATH', ['path  tainted string']],
    ['echo "$HOME/bin" >> $GITHUB_PATH', ['path  trusted']],
    ['echo "::set-output name=t::$T"', ['output t tainted string']],
    ['jq -r .issue.title "$GITHUB_EVENT_PATH" >> $GITHUB_ENV', ['env  tainted string']],
    ['echo "n=$(jq -r .issue.number $GITHUB_EVENT_PATH)" >> $GITHUB_OUTPUT', ['output n trusted number']],
    ['echo "b=$GITHUB_HEAD_REF" >> $GITHUB_OUTPUT', ['output b tainted string']],
    ['echo "b=$GITHUB_SHA" >> $GITHUB_OUTPUT', ['output b trusted']],
    ['echo "t=$(gh pr view 1 --json title -q .title)" >> $GITHUB_OUTPUT', ['output t tainted string']],
    ['echo "t=$(gh pr view 1 --json number -q .number)" >> $GITHUB_OUTPUT', ['output t trusted name']],
    ['echo "$T" > out.txt', []],
  ])('%j writes %j', (script, expected) => {
    expect(writes(script)).toEqual(expected);
  });

  it.each([
    ['cat version.txt >> $GITHUB_ENV', 'env  tainted string'],
    ['echo "v=$(cat version.txt)" >> $GITHUB_OUTPUT', 'output v tainted string'],
    ['echo "v=$(jq -r .version package.json)" >> $GITHUB_OUTPUT', 'output v tainted string'],
    ['echo "v=$(git log -1 --format=%s)" >> $GITHUB_OUTPUT', 'output v tainted string'],
    ['v=$(<VERSION)\necho "v=$(node -p 1)" >> $GITHUB_OUTPUT', 'output v tainted string'],
  ])('%j writes files of an outsider when the workspace is theirs', (script, expected) => {
    expect(writes(script, true)).toEqual([expected]);
    expect(writes(script)[0]).not.toContain('tainted');
  });

  it('points at the command that writes', () => {
    const script = 'true\necho "t=$T" >> $GITHUB_OUTPUT\n';
    const [write] = environmentFileWrites(follow(script));
    expect(script.slice(write?.range.start, write?.range.end)).toBe('echo "t=$T" >> $GITHUB_OUTPUT');
  });

  it('ends on programs made to keep a pattern busy', () => {
    for (const program of [`tr -cd '${'a-z'.repeat(5_000)}!'`, `sed 's/[^${'[:alpha:]'.repeat(2_000)}!/'`, `grep -oE '${'[0-9].'.repeat(5_000)}x'`, `jq '.${'a.'.repeat(5_000)}'`]) {
      expect(writes(`echo "t=$(echo "$T" | ${program})" >> $GITHUB_OUTPUT`)).toEqual(['output t tainted string']);
    }
    const script = { text: `return ${')'.repeat(90_000)}x`, origin: LITERAL };
    expect(taintOfAction({ name: 'actions/github-script', inputs: new Map([['script', script]]), env: new Map(), contextScope: { events: [] }, untrustedWorkspace: false }).output('result')?.origin).toBe(LITERAL);
  });

  it('never throws', () => {
    const piece = fc.constantFrom('echo ', '"t=$T"', ' >> $GITHUB_OUTPUT', '\n', '$(', ')', '|', 'tee -a $GITHUB_ENV', 'cat <<EOF', 'EOF', 'x=$x$T', '${{ a.b }}', '{', '}', "'", '"', 'jq .a ', ';');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        const script = pieces.join('');
        for (const { range } of environmentFileWrites(follow(script, true))) expect(range.start <= range.end && range.end <= script.length).toBe(true);
      }),
      { numRuns: 200 },
    );
  });
});

describe('readLines', () => {
  const read = (text: string) => {
    const masks = readTemplate(text).expressions.map(({ outer }) => outer);
    return readLines({ text, masks, expressions: masks.map(() => TAINTED), env: new Map([['t', TAINTED]]) }).writes;
  };

  it.each([
    ['"t=$env:T" >> $env:GITHUB_OUTPUT', ['output t tainted']],
    ['"t=$env:OTHER" >> $env:GITHUB_OUTPUT', ['output t trusted']],
    ['"t=${{ github.event.issue.title }}" | Out-File -FilePath $env:GITHUB_ENV -Append', ['env t tainted']],
    ['$x = $env:T.Trim()\nAdd-Content $env:GITHUB_OUTPUT "t=$x"', ['output t tainted']],
    ['echo t=%T%>> %GITHUB_OUTPUT%', ['output t tainted']],
    ["fs.appendFileSync(process.env.GITHUB_OUTPUT, `t=${process.env.T}`)", ['output t tainted']],
    ['with open(os.environ["GITHUB_ENV"], "a") as f:\n  pass', []],
    ['open(os.environ["GITHUB_ENV"], "a").write("t=" + os.getenv("T"))', ['env t tainted']],
    ['Write-Output "::set-output name=t::$env:T"', ['output t tainted']],
    ['Write-Output $env:T', []],
  ])('%j writes %j', (text, expected) => {
    expect(read(text).map(({ file, name, origin }) => `${file} ${name} ${origin.controlledBy === 'attacker' ? 'tainted' : origin.controlledBy}`)).toEqual(expected);
  });

  it('points at the line', () => {
    const text = 'x\n"t=$env:T" >> $env:GITHUB_OUTPUT\ny';
    const [write] = read(text);
    expect(text.slice(write?.range.start, write?.range.end)).toBe('"t=$env:T" >> $env:GITHUB_OUTPUT');
  });
});

describe('taint of steps', () => {
  const scope = { events: ['pull_request_target'] };
  const action = (name: string, inputs: Record<string, { text: string; origin: Origin }> = {}, untrustedWorkspace = false) =>
    taintOfAction({ name, inputs: new Map(Object.entries(inputs)), env: new Map([['t', TAINTED]]), contextScope: scope, untrustedWorkspace });

  it('knows the outputs of actions', () => {
    expect(action('tj-actions/changed-files').output('all_changed_files')?.origin).toMatchObject({ controlledBy: 'attacker', type: 'string', events: ['pull_request_target'] });
    expect(action('tj-actions/changed-files').output('any_changed')).toBeUndefined();
    expect(action('dorny/paths-filter').output('src_files')?.origin.controlledBy).toBe('attacker');
    expect(action('dorny/paths-filter').output('src')).toBeUndefined();
    expect(action('xt0rted/pull-request-comment-branch').output('head_sha')?.origin.type).toBe('sha');
    expect(action('juliangruber/read-file-action').output('content')?.origin.controlledBy).toBe('trusted');
    expect(action('juliangruber/read-file-action', {}, true).output('content')?.origin.controlledBy).toBe('attacker');
    expect(action('actions-ecosystem/action-regex-match', { text: { text: '', origin: TAINTED } }).output('match')?.origin).toEqual(TAINTED);
    expect(action('made/up').output('x')).toBeUndefined();
  });

  it.each([
    ['return context.payload.pull_request.title', 'result', 'attacker'],
    ['const t = context.payload.pull_request.body.trim()\nreturn t', 'result', 'attacker'],
    ['return context.payload.pull_request.number', 'result', 'trusted'],
    ['const t = context.payload.pull_request.title\nreturn t.includes("x")', 'result', 'trusted'],
    ["core.setOutput('a', context.payload.pull_request.head.ref)", 'a', 'attacker'],
    ["core.setOutput('a', 'x'); core.setOutput('b', context.payload.pull_request?.title)", 'a', 'trusted'],
    ["core.setOutput('a', process.env.T)", 'a', 'attacker'],
    ["const { data: pr } = await github.rest.pulls.get({})\ncore.setOutput('ref', pr.head.ref)", 'ref', 'attacker'],
    ["const { data: pr } = await github.rest.pulls.get({})\ncore.setOutput('sha', pr.head.sha)", 'sha', 'attacker'],
  ])('actions/github-script %j gives %s by %s', (text, name, controlledBy) => {
    expect(action('actions/github-script', { script: { text, origin: LITERAL } }).output(name)?.origin.controlledBy).toBe(controlledBy);
  });

  it('is found again by the steps and jobs behind', () => {
    const store = createOutputStore();
    const taint = taintOfScript(follow('echo "t=$T" >> $GITHUB_OUTPUT\necho "v=$T" >> $GITHUB_ENV'));
    store.addStep('build', 'Meta', taint);
    expect(taint.env.get('v')?.origin).toEqual(TAINTED);
    const found = store.find('build', ['steps', 'meta', 'outputs', 't']);
    expect(found?.origin).toEqual(TAINTED);
    expect(found?.message).toBe('written as output `t`');
    expect(store.find('other', ['steps', 'meta', 'outputs', 't'])).toBeUndefined();
    store.addJob('build', new Map([['title', found as NonNullable<typeof found>]]));
    expect(store.find('deploy', ['needs', 'build', 'outputs', 'title'])?.origin).toEqual(TAINTED);
    expect(store.find('deploy', ['needs', 'build', 'outputs'])?.origin).toEqual(TAINTED);
    expect(store.find('deploy', ['needs', 'build', 'result'])).toBeUndefined();
  });
});
