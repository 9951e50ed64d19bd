import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { Language, Parser } from 'web-tree-sitter';
import { describe, expect, it } from 'vitest';
import type { Runtime } from '../../../src/syntax/shell/cursor.js';
import { statementBounds } from '../../../src/syntax/shell/statements.js';
import { nodeTypes, parseTree, type TreeNode } from '../../../src/syntax/shell/tree.js';
import { createTreeCache } from '../../../src/syntax/shell/tree-cache.js';

const require = createRequire(import.meta.url);
const wasm = readFileSync(require.resolve('web-tree-sitter/web-tree-sitter.wasm'));
const runtime = { wasmBinary: wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength) };
await Parser.init(runtime);
const language = await Language.load(readFileSync(require.resolve('tree-sitter-bash/tree-sitter-bash.wasm')));
const parser = new Parser();
parser.setLanguage(language);
const types = nodeTypes(language);
const whole = (text: string, base: number): TreeNode | undefined => parseTree(parser, types, runtime as unknown as Runtime, text, base);

/** Statements as scripts have them. Pipes of three commands are left out: behind them the grammar takes line ends for blanks. */
const STATEMENTS = [
  'npm ci', 'set -euo pipefail', 'echo "a b" >> "$GITHUB_OUTPUT"', "printf '%s' x > out.txt 2>&1", 'VERSION=$(git describe --tags)', 'A=1 make -j4 all', 'export PATH="$HOME/bin:$PATH"',
  'a | b', 'a && b || c', 'cd "$DIR"; ls -la', '(cd "$package" && npm test -- --coverage)', 'test -f x#y', '# a comment', '', '  indented --flag=value',
  'for p in packages/*; do\n  echo "$p"\ndone', 'if [[ "$REF" == refs/tags/* ]]; then\n  echo "v=${REF#refs/tags/}"\nelse\n  echo none\nfi', 'while read -r line; do echo "$line"; done < list.txt',
  'if [ -n "$A" ]; then echo a; elif [ -z "$B" ]; then echo b; fi', 'cat <<EOF > config.json\n{ "a": "${B:-c}" }\nEOF', "cat <<'END'\n$not `expanded`\nEND", 'for i in 1 2\ndo\n  # why\n  echo $i\ndone | sort',
  '! grep -q x file', 'exit 1', 'x=${y:-default}', 'curl -fsSL https://example.com/a?b=c | bash', 'echo _____________ | tee a.txt', 'true',
] as const;

/** What can't be cut behind: it goes on, or may. */
const OPEN = [
  'echo "a', "echo 'a", 'echo a \\', 'a |', 'a &&', 'a ||', 'f() {', 'function f', '{ a', 'case $x in', '(a', 'a=(1', 'cat <<EOF', 'cat <<-EOF', 'echo `a', 'echo "$(a', 'if a', 'for x in a', '[[ a', 'x=${a', 'a >', 'select x in a',
];

describe('where scripts are cut', () => {
  it('cuts between statements', () => {
    expect(statementBounds('a\nb "$c"\n')).toEqual([0, 2, 9]);
    expect(statementBounds('if a; then\n  b\nfi\nc')).toEqual([0, 18]);
    expect(statementBounds('cat <<EOF\nif (\nEOF\nc\n')).toEqual([0, 19, 21]);
  });

  it.each(OPEN)('does not cut behind %j', (line) => {
    expect(statementBounds(`${line}\nx\n`)).toEqual([0]);
  });

  it('reads quotes without end in one go', () => {
    expect(statementBounds(`echo "${'$aaaaaaaaaa'.repeat(5_000)}\n`)).toEqual([0]);
    expect(statementBounds(`echo "${'${a:-b}'.repeat(5_000)}\n`)).toEqual([0]);
  });

  it('recognises all statements that are used here', () => {
    for (const statement of STATEMENTS) expect(statementBounds(`${statement}\n`), statement).toEqual([0, statement.length + 1]);
  });
});

describe('trees of pieces', () => {
  it('are those of the whole', () => {
    const parse = createTreeCache(whole);
    const line = fc.oneof({ weight: 12, arbitrary: fc.constantFrom<string>(...STATEMENTS) }, { weight: 1, arbitrary: fc.constantFrom(...OPEN) });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), fc.constantFrom('', '\n'), fc.nat(1000), (lines, end, base) => {
        const text = lines.join('\n') + end;
        expect(parse(text, base)?.children).toEqual(whole(text, base)?.children);
      }),
      { numRuns: 500 },
    );
  });
});
