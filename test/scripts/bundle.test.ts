import { expect, test } from 'vitest';
import { repairCreateRequire } from '../../scripts/bundle.js';

const broken = (name: string): string =>
  `async function f() {\n    const { createRequire } = await Promise.resolve(/* import() */).then(${name}.t.bind(${name}, 339, 19));\n    var require = createRequire(import.meta.url);\n}`;

test.each(['__webpack_require__', '__nccwpck_require__'])('createRequire is taken from the running Node (%s)', (name) => {
  const repaired = repairCreateRequire(broken(name));
  expect(repaired).toContain('const { createRequire } = process.getBuiltinModule("module");');
  expect(repaired).not.toContain('Promise.resolve');
});

test('other imports are left as they are', () => {
  const other = 'const { a } = await Promise.resolve(/* import() */).then(__webpack_require__.t.bind(__webpack_require__, 1, 19));';
  expect(repairCreateRequire(other)).toBe(other);
});

test('a form that is not known stops the build', () => {
  expect(() => repairCreateRequire('const { createRequire } = await somethingElse();')).toThrow(/repairCreateRequire/);
});
