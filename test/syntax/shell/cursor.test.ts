import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Language, Parser, type Tree } from 'web-tree-sitter';
import { openCursor, type Runtime } from '../../../src/syntax/shell/cursor.js';

const require = createRequire(import.meta.url);
const wasm = readFileSync(require.resolve('web-tree-sitter/web-tree-sitter.wasm'));
const runtime = { wasmBinary: wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength) };
await Parser.init(runtime);
const parser = new Parser();
parser.setLanguage(await Language.load(readFileSync(require.resolve('tree-sitter-bash/tree-sitter-bash.wasm'))));

/** Every node on the way through the tree, as four numbers, by whichever cursor. */
function nodes(read: () => readonly number[], firstChild: () => boolean, nextSibling: () => boolean, parent: () => boolean): (readonly number[])[] {
  const seen: (readonly number[])[] = [];
  for (;;) {
    seen.push(read());
    if (firstChild()) continue;
    while (!nextSibling()) if (!parent()) return seen;
  }
}

function byLibrary(tree: Tree): (readonly number[])[] {
  const cursor = tree.walk();
  const seen = nodes(() => [cursor.nodeTypeId, cursor.startIndex, cursor.endIndex, Number(cursor.nodeIsMissing)], () => cursor.gotoFirstChild(), () => cursor.gotoNextSibling(), () => cursor.gotoParent());
  cursor.delete();
  return seen;
}

function byUs(tree: Tree): (readonly number[])[] {
  const cursor = tree.walk();
  const at = openCursor(runtime as unknown as Runtime, tree, cursor);
  const seen = nodes(() => [at.typeId(), at.start(), at.end(), Number(at.isMissing())], at.firstChild, at.nextSibling, at.parent);
  at.close();
  cursor.delete();
  return seen;
}

test('goes the same way as the cursor of the library', () => {
  const part = fc.constantFrom('echo "$a é 💥"', 'if true; then', 'fi', '(cd x && make)', 'a=(1 2)', '$(b `c`)', '<<EOF\nx $y\nEOF\n', '|', '\n', ';', '"', "'q'", '[[ -n $x ]]', 'case x in', ')');
  fc.assert(
    fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
      const tree = parser.parse(parts.join(' ')) as Tree;
      const ours = byUs(tree);
      expect(ours).toEqual(byLibrary(tree));
      expect(byUs(tree)).toEqual(ours);
      tree.delete();
    }),
    { numRuns: 50 },
  );
});
