import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Expression, hasExpression, parseExpression, readTemplate } from '../../src/syntax/expressions.js';

const paths = (text: string) => parseExpression(text).contexts.map((context) => context.path);

describe('readTemplate', () => {
  it('finds every expression with exact offsets', () => {
    const text = 'echo "${{ github.event.issue.title }}" and ${{github.sha}}';
    const { expressions, problems, whole } = readTemplate(text);
    expect(problems).toEqual([]);
    expect(whole).toBe(false);
    expect(expressions.map(({ outer }) => text.slice(outer.start, outer.end))).toEqual(['${{ github.event.issue.title }}', '${{github.sha}}']);
    expect(expressions.map(({ inner }) => text.slice(inner.start, inner.end))).toEqual([' github.event.issue.title ', 'github.sha']);
    const first = expressions[0];
    const context = first?.expression.contexts[0];
    const base = first?.inner.start ?? 0;
    expect(text.slice(base + (context?.range.start ?? 0), base + (context?.range.end ?? 0))).toBe('github.event.issue.title');
  });

  it.each([
    ['${{ x.y }}', true],
    ['${{ x.y }}\n', false],
    [' ${{ x.y }}', false],
    ['${{ x.y }}${{ x.z }}', false],
    ['plain', false],
  ])('%j is one expression: %j', (text, whole) => {
    expect(readTemplate(text).whole).toBe(whole);
  });

  it('does not end inside a string', () => {
    const text = "a ${{ format('}}{0}''}}', github.ref) }} b";
    const [only] = readTemplate(text).expressions;
    expect(text.slice(only?.outer.start, only?.outer.end)).toBe("${{ format('}}{0}''}}', github.ref) }}");
    expect(only?.expression.problem).toBeUndefined();
  });

  it('reports an expression without end and keeps those before it', () => {
    const text = "${{ a.b }} ${{ 'c }}";
    const { expressions, problems } = readTemplate(text);
    expect(expressions).toHaveLength(1);
    expect(problems).toEqual([expect.objectContaining({ code: 'expression-unterminated', range: { start: 11, end: text.length } })]);
  });

  it('places the problem of a broken expression in the text', () => {
    const text = 'x ${{ github.event.issue.title + }} y';
    const { expressions, problems } = readTemplate(text);
    expect(problems).toHaveLength(1);
    expect(text.slice(problems[0]?.range.start, problems[0]?.range.end)).toBe(' github.event.issue.title + ');
    expect(expressions[0]?.expression.contexts.map((context) => context.path)).toEqual(['github.event.issue.title']);
  });

  it('is cheap to reject', () => {
    expect(hasExpression('echo $HOME {{ x }}')).toBe(false);
    expect(readTemplate('echo $HOME').expressions).toEqual([]);
  });
});

describe('parseExpression', () => {
  it.each([
    ['github.event.pull_request.title', ['github.event.pull_request.title']],
    ["github['event']['issue']['body']", ['github.event.issue.body']],
    ['github.event.commits[0].message', ['github.event.commits[0].message']],
    ['github.event.pages.*.page_name', ['github.event.pages.*.page_name']],
    ['github.event.pages[*].page_name', ['github.event.pages.*.page_name']],
    ['secrets[matrix.name]', ['secrets[matrix.name]', 'matrix.name']],
    ["env['a b']", ["env['a b']"]],
    ["secrets[format('{0}_KEY', env.STAGE)]", ["secrets[format('{0}_KEY', env.STAGE)]", 'env.STAGE']],
    ['fromJSON(needs.a.outputs.m).x[github.ref]', ['needs.a.outputs.m', 'github.ref']],
    ['(a.b || (c.d && !e.f)).g', ['a.b', 'c.d', 'e.f']],
    ["case(github.ref == 'x', inputs.a, vars.b)", ['github.ref', 'inputs.a', 'vars.b']],
    ['notYetKnown(newcontext.x)', ['newcontext.x']],
    ['contains(a.b)', ['a.b']],
  ])('%s reads %j', (text, expected) => {
    expect(paths(text)).toEqual(expected);
  });

  it('lower-cases the segments and keeps the path', () => {
    const [context] = parseExpression('GitHub.Event.Issue.Title').contexts;
    expect(context?.path).toBe('GitHub.Event.Issue.Title');
    expect(context?.segments).toEqual(['github', 'event', 'issue', 'title']);
  });

  it('gives every node its exact range, also behind a string with a line break', () => {
    const text = "format('a\n''b''', x.y) && ( !( z['q'] == 1.5 ) || w.* )";
    const { root, problem } = parseExpression(text);
    expect(problem).toBeUndefined();
    const seen: string[] = [];
    const visit = (node: Expression): void => {
      seen.push(text.slice(node.range.start, node.range.end));
      if (node.kind === 'and' || node.kind === 'or' || node.kind === 'call') node.args.forEach(visit);
      if (node.kind === 'compare') [node.left, node.right].forEach(visit);
      if (node.kind === 'not') visit(node.operand);
    };
    if (root) visit(root);
    // Parentheses belong to the node around them, not to the one inside.
    expect(seen).toEqual([
      "format('a\n''b''', x.y) && ( !( z['q'] == 1.5 ) || w.* )",
      "format('a\n''b''', x.y)",
      "'a\n''b'''",
      'x.y',
      "!( z['q'] == 1.5 ) || w.*",
      "!( z['q'] == 1.5 )",
      "z['q'] == 1.5",
      "z['q']",
      '1.5',
      'w.*',
    ]);
  });

  it('undoubles every quote of a string', () => {
    expect(parseExpression("'a''b''c'").root).toMatchObject({ kind: 'literal', value: "a'b'c" });
  });

  it('bounds length and nesting, and says so', () => {
    expect(parseExpression(`${'('.repeat(60)}a.b${')'.repeat(60)}`).problem?.code).toBe('expression-syntax');
    expect(parseExpression(`x.y == ${'1 == '.repeat(3_000)}1`).problem?.message).toMatch(/nested too deeply/);
    const long = parseExpression(`a.b == '${'x'.repeat(30_000)}'`);
    expect(long.problem?.message).toMatch(/21,000/);
    expect(long.contexts.map((context) => context.path)).toEqual(['a.b']);
    expect(parseExpression('').problem).toBeDefined();
  });

  it('ends on texts made to keep it busy', () => {
    expect(parseExpression(`= ${'a'.repeat(99_000)}`).contexts).toEqual([]);
    expect(parseExpression(`= ${'a-'.repeat(40_000)}b.c`).contexts).toHaveLength(1);
    expect(parseExpression("'a".repeat(99_999)).problem).toBeDefined();
    expect(readTemplate('${{'.repeat(50_000)).problems).toHaveLength(1);
  });

  it('never throws and keeps ranges inside the text', () => {
    const piece = fc.constantFrom('${{', '}}', "'", '(', ')', '[', ']', '.', '*', '!', '==', '&&', '||', ',', ' ', '\n', 'github', 'event', 'format', '1', '-', 'é', '"');
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string()), { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        const template = readTemplate(text);
        for (const { outer, inner, expression } of template.expressions) {
          expect(text.slice(outer.start, outer.end)).toBe(`\${{${expression.text}}}`);
          expect(text.slice(inner.start, inner.end)).toBe(expression.text);
          for (const { range } of expression.contexts) expect(range.start >= 0 && range.end > range.start && range.end <= expression.text.length).toBe(true);
        }
        for (const { range } of template.problems) expect(range.start <= range.end && range.end <= text.length).toBe(true);
        parseExpression(text);
      }),
      { numRuns: 500 },
    );
  });

  it('cuts every context of a generated tree exactly', () => {
    const name = fc.constantFrom('github', 'env', 'needs', 'a-b', 'x_1');
    const access = fc
      .tuple(name, fc.array(fc.oneof(fc.constantFrom('.x', '.*', "['y z']", '[0]', '[*]', '. q')), { maxLength: 4 }))
      .map(([base, rest]) => base + rest.join(''));
    const { tree } = fc.letrec<{ tree: string }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        access,
        fc.constantFrom("'s''t'", '12', 'true', "'\n'"),
        fc.tuple(tie('tree'), fc.constantFrom(' == ', '&&', ' || ', '<='), tie('tree')).map(([l, op, r]) => `(${l}${op}${r})`),
        tie('tree').map((t) => `!${t}`),
        fc.tuple(tie('tree'), tie('tree')).map(([a, b]) => `join( ${a},${b} )`),
        fc.tuple(tie('tree')).map(([a]) => `other(${a}).z`),
      ),
    }));
    fc.assert(
      fc.property(tree, (text) => {
        const parsed = parseExpression(text);
        if (parsed.problem) return;
        for (const context of parsed.contexts) {
          const cut = text.slice(context.range.start, context.range.end);
          const again = parseExpression(cut).root;
          expect(again?.kind).toBe('context');
          expect(again?.kind === 'context' && again.path).toBe(context.path);
        }
      }),
      { numRuns: 500 },
    );
  });
});
