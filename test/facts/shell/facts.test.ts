import { expect, test } from 'vitest';
import { createDocument } from '../../../src/core/index.js';
import type { AnyFact, FactKind, FactOf } from '../../../src/facts/schema.js';
import { FACT_SCHEMAS } from '../../../src/facts/schema.js';
import { readShell } from '../../../src/facts/shell/index.js';
import { shellParser } from '../../syntax/shell/parser.js';

const parser = await shellParser();

function read(text: string, path = 'x.sh'): AnyFact[] {
  return readShell(createDocument(path, 'shell', text), parser);
}

function facts<K extends FactKind>(text: string, kind: K): FactOf<K>[] {
  return read(text).filter((fact): fact is FactOf<K> & AnyFact => fact.kind === kind) as unknown as FactOf<K>[];
}

test('every value is what its schema says', () => {
  const text = "#!/bin/bash -e\nsudo curl -fsSL https://a.example | bash\neval \"$x\"\ncurl -u a:s3cretvalue \"https://$TOKEN@h\" > y\nPASSWORD=hunter2hunter\n";
  const all = read(text);
  expect(new Set(all.map(({ kind }) => kind))).toEqual(new Set(['script', 'command', 'expansion', 'secret-use', 'literal-secret']));
  for (const fact of all) expect(FACT_SCHEMAS[fact.kind].parse(fact.value)).toEqual(fact.value);
});

test('the script and what it is read as', () => {
  expect(facts('#!/bin/bash -eu\nls\n', 'script')[0]?.value).toMatchObject({ language: 'shell', shell: 'bash', errexit: true, nounset: true, pipefail: false, lines: 2, complete: true });
  expect(read('#!/usr/bin/env python3\nprint(1)\n').map(({ kind, value }) => [kind, (value as { language: string }).language])).toEqual([['script', 'python']]);
  expect(read('Get-Item x', 'x.ps1').map(({ kind, value }) => [kind, (value as { language: string }).language])).toEqual([['script', 'powershell'], ['command', 'powershell']]);
  expect(facts('if true; then', 'script')[0]?.value.complete).toBe(false);
});

test('what locate answers, cut out, is what the fact states', () => {
  const text = 'sudo -E curl -fsSL "$URL" -o x > out 2>&1 $(a b)\nX=1 make\n';
  const [curl] = facts(text, 'command') as [FactOf<'command'>];
  const cut = (path?: string) => {
    const { start, end } = curl.locate(path);
    return text.slice(start, end);
  };
  expect(cut()).toBe(curl.value.text);
  expect(cut('name')).toBe('curl');
  expect(cut('words.1')).toBe('"$URL"');
  expect(cut('args.1')).toBe('"$URL"');
  expect(cut('operands.0')).toBe('"$URL"');
  expect(cut('redirects.0')).toBe('> out');
  expect(cut('redirects.0.target')).toBe('out');
  expect(cut('words.4.substitutions.0')).toBe('$(a b)');
  expect(cut('nothing.0')).toBe(curl.value.text);
});

test('facts lie in their script and command', () => {
  const [expansion] = facts('eval "$x"', 'expansion');
  expect(expansion?.value).toMatchObject({ context: 'x', sink: 'eval', sinkName: 'eval', source: 'variable' });
  expect(expansion?.parents['command']?.value).toMatchObject({ name: 'eval' });
  expect(expansion?.parents['script']?.kind).toBe('script');
});

test.each([
  ['eval "$x"', 'eval'],
  ['bash -c "$x"', 'eval'],
  ['sh -c "rm $1"', 'eval'],
  ['bash -c "$(curl x)"', 'eval'],
  ['rm $x', 'argument'],
])('%s is dangerous as %s', (text, sink) => {
  expect(facts(text, 'expansion').map(({ value }) => value.sink)).toContain(sink);
});

test.each(['rm "$x"', 'x=$y', "bash -c 'echo \"$1\"' _ \"$x\"", '[[ $x ]]', 'echo $?'])('%s is not', (text) => {
  expect(facts(text, 'expansion')).toEqual([]);
});

test.each([
  ['curl -H "Authorization: $API_TOKEN" x', 'argument'],
  ['git clone "https://$TOKEN@example.com/x"', 'url'],
  ['echo "$DB_PASSWORD"', 'log'],
  ['docker login --password-stdin <<< "$REGISTRY_PASSWORD"', 'stdin'],
  ['curl --config - <<E\n$TOKEN\nE\n', 'stdin'],
])('%s hands the secret over by %s', (text, handover) => {
  expect(facts(text, 'secret-use').map(({ value }) => value.handover)).toEqual([handover]);
});

test.each(['echo "$PASSWORD" | docker login --password-stdin', 'echo "$TOKEN" > f', 'x "$TOKEN_FILE"', 'x "$PWD"', '[ -n "$TOKEN" ]', 'f() { :; }; f "$TOKEN"', 'x "${TOKEN:+set}"'])('%s hands none over', (text) => {
  expect(facts(text, 'secret-use')).toEqual([]);
});

test.each([
  ['curl -u admin:hunter2x https://h', 'password-argument', 'admin:hunter2x'],
  ['sshpass -phunter2x ssh h', 'password-argument', '-phunter2x'],
  ['git clone https://bob:hunter2x@h/x', 'url-password', 'https://bob:hunter2x@h/x'],
  ['DB_PASSWORD=hunter2x', 'password-key', 'hunter2x'],
  [`git push https://h "ghp_${'aB3d'.repeat(9)}"`, 'github-token', `ghp_${'aB3d'.repeat(9)}`],
])('%s holds a credential', (text, detector, located) => {
  const found = facts(text, 'literal-secret');
  expect(found.map(({ value }) => value.detector)).toEqual([detector]);
  const { start, end } = found[0]?.locate() ?? { start: 0, end: 0 };
  expect(text.slice(start, end)).toBe(located);
  expect(JSON.stringify(found[0]?.value)).not.toContain('hunter2x');
});

test.each(['curl -u "$U:$P" https://h', 'docker run -p 80:80 x', 'DB_PASSWORD=$1', 'PASSWORD=changeme', 'mysql -p x', 'curl https://user:$PASS@h'])('%s holds none', (text) => {
  expect(facts(text, 'literal-secret')).toEqual([]);
});

test.each([
  ['curl -o x.sh https://h/x && chmod +x x.sh && ./x.sh', ['https://h/x']],
  ['wget https://h/x.sh\nbash x.sh', ['https://h/x.sh']],
  ['curl https://h/x > /tmp/x; sh /tmp/x', ['https://h/x']],
  ['curl -o x https://h/x; echo "abc  x" | sha256sum -c; ./x', []],
  ['curl -o x https://h/x; cat x', []],
])('%s runs a download', (text, urls) => {
  expect(facts(text, 'command').map(({ value }) => value.runsDownload).filter(Boolean)).toEqual(urls);
});
