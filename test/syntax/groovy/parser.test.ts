import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flowingNames, parseExpression, parseGroovy, type GroovyCall, type GroovyNode, type GroovyStatement, type GroovyString } from '../../../src/syntax/groovy/index.js';

const SAMPLE = String.raw`#!/usr/bin/env groovy
@Library(['shared@main', 'other@v1.2']) _
import groovy.json.JsonSlurper
/* a comment */
def image = "registry.example.com/build:${'$'}{env.BRANCH_NAME}"
def helper(String a, b = 1) { return sh(script: "x ${'$'}{a}", returnStatus: true) == 0 }
pipeline {
  agent { docker { image 'maven:3.9.9'; args '-v /x:/x' } } // trailing
  stages {
    stage('Build') {
      when { branch 'main'; expression { params.TARGET == 'x' } }
      steps {
        sh """
          curl -H "A: ${'$'}{TOKEN}" https://x/$BRANCH
          echo \$HOME \u0041
        """
        sh label: 'x', script: 'echo $CHANGE_TITLE'
        error params.X
        script {
          if (out =~ /x.*\/y/) { echo out } else error('no')
          def y = a?.b ? 'c' : "d${'$'}{ e ? "f${'$'}{g}" : 'h' }"
          docker.image('node:20').inside('-u root') { sh '''npm ci''' }
          list.collect { k, v -> k }
            .join(',')
        }
      }
    }
  }
}
`;

function calls(statements: readonly GroovyStatement[], found: GroovyCall[] = []): GroovyCall[] {
  const visit = (node: GroovyNode): void => {
    if (node.kind === 'call') {
      found.push(node);
      if (node.on !== undefined) visit(node.on);
      for (const { value } of node.args) visit(value);
      if (node.closure !== undefined) calls(node.closure.statements, found);
    } else if (node.kind === 'closure') calls(node.statements, found);
    else if (node.kind === 'operation') node.operands.forEach(visit);
    else if (node.kind === 'list') for (const { value } of node.items) visit(value);
  };
  for (const one of statements) {
    if (one.kind === 'expression') visit(one.node);
    else if (one.kind === 'assignment') visit(one.value);
    else if (one.kind === 'control' || one.kind === 'function') calls(one.body, found);
  }
  return found;
}

function strings(statements: readonly GroovyStatement[]): GroovyString[] {
  return calls(statements).flatMap(({ args }) => args.flatMap(({ value }) => (value.kind === 'string' ? [value] : [])));
}

describe('parseGroovy', () => {
  it('reads calls with and without parentheses, labels and closures', () => {
    const { statements, problem } = parseGroovy(SAMPLE);
    expect(problem).toBeUndefined();
    const names = calls(statements).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['pipeline', 'agent', 'docker', 'image', 'stage', 'when', 'sh', 'inside', 'docker.image', 'error', 'join', 'list.collect']));
    const labelled = calls(statements).find(({ name, args }) => name === 'sh' && args[0]?.label === 'label');
    expect(labelled?.args.map(({ label }) => label)).toEqual(['label', 'script']);
    expect(statements[0]).toMatchObject({ kind: 'annotation', name: 'Library' });
    expect(statements.find(({ kind }) => kind === 'function')).toMatchObject({ name: 'helper', parameters: ['a', 'b'] });
  });

  it('goes on after what is broken and says the first problem', () => {
    const { statements, problem } = parseGroovy("node {\n  sh 'open\n  sh 'closed'\n");
    expect(calls(statements).map(({ name }) => name)).toEqual(['node', 'sh', 'sh']);
    expect(problem?.code).toBe('groovy-syntax');
  });

  it.each([
    ["'a$b'", 'a$b', []],
    ['"a\\$b ${c.d} $e.f"', 'a$b ${c.d} $e.f', ['c.d', 'e.f']],
    ['"""x\\\ny"z"""', 'xy"z', []],
    ['/a\\/b${c}/', 'a/b${c}', ['c']],
    ['$/a $$b /$', 'a $b ', []],
    ['"${ x ? "${y}" : \'}\' }"', '${ x ? "${y}" : \'}\' }', [' x ? "${y}" : \'}\' ']],
    ['"\\u0041\\n"', 'A\n', []],
  ])('decodes %s', (written, decoded, interpolations) => {
    const node = parseExpression(written, { start: 0, end: written.length });
    expect(node).toMatchObject({ kind: 'string', closed: true });
    const string = node as GroovyString;
    expect(string.content.text).toBe(decoded);
    expect(string.interpolations.map(({ expression }) => expression)).toEqual(interpolations);
    for (const { range, expression, source } of string.interpolations) {
      const there = string.content.sourceRange(range);
      expect(written.slice(there.start, there.end)).toBe(decoded.slice(range.start, range.end));
      expect(written.slice(source.start, source.end)).toBe(expression);
    }
  });

  it('locates strings without escapes where they stand', () => {
    for (const string of strings(parseGroovy(SAMPLE).statements)) {
      const { text } = string.content;
      if (SAMPLE.slice(string.range.start, string.range.end).includes('\\')) continue;
      const { start, end } = string.content.sourceRange({ start: 0, end: text.length });
      if (text !== '') expect(SAMPLE.slice(start, end)).toBe(text);
    }
  });

  it('reads every prefix', () => {
    for (let end = 0; end <= SAMPLE.length; end++) {
      const text = SAMPLE.slice(0, end);
      for (const { range } of calls(parseGroovy(text).statements)) expect(range.end).toBeLessThanOrEqual(text.length);
    }
  });

  it('reads any text', () => {
    const pieces = fc.constantFrom('{', '}', '(', ')', '[', ']', '"', "'", '"""', '${', '$/', '/$', '/', '\\', '\n', ';', 'sh ', 'x', '.', ':', '?', '->', ',', '=', 'if (', 'def ', '@A', '<', '//', '/*', '*/', '1', ' ');
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 80 }), (parts) => {
        parseGroovy(parts.join(''));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each(['{', '(', '[', '"${', 'if (x) ', 'a ? b : ', 'x { y -> ', '/', '$/', 'a.', 'else ', '("', '[;', '}', "'", '"${"'])('ends on many of %s', (piece) => {
    parseGroovy(piece.repeat(20_000));
  });
});

describe('flowingNames', () => {
  it.each([
    ['env.CHANGE_TITLE', ['env.CHANGE_TITLE']],
    ["env['CHANGE_TITLE']", ['env.CHANGE_TITLE']],
    ["a == 'x' ? b : c", ['b', 'c']],
    ["a == 'x'", []],
    ['a ?: b', ['a', 'b']],
    ["a.replaceAll('/', '-')", ['a']],
    ['a.size()', []],
    ["'x' + a", ['a']],
    ['sh(script: c, returnStdout: true).trim()', ['sh()', 'c', 'true']],
  ])('of %s', (text, names) => {
    const node = parseExpression(text, { start: 0, end: text.length });
    expect(flowingNames(node as GroovyNode, () => [])).toEqual(names);
  });
});
