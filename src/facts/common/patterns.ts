import { type AST, RegExpParser } from '@eslint-community/regexpp';

/** What a regular expression lets through. */
export interface PatternStrength {
  /** It covers the whole value. */
  readonly anchored: boolean;
  /** Characters with a meaning for a shell that it can match, each once. */
  readonly admits: readonly string[];
}

/** Characters with which a value can end a word or start another command. */
const META = [';', '|', '&', '$', '`', '(', ')', '<', '>', '\n', '"', "'", '\\', ' '] as const;
const MAX_PATTERN = 2_000;
const parser = new RegExpParser({ ecmaVersion: 2025 });

/**
 * Says what a pattern admits, from its syntax tree. A pattern that can not be read admits everything.
 * @param whole the platform compares the whole value whatever the pattern says, as Rundeck does
 */
export function strengthOf(pattern: string, whole = false): PatternStrength {
  const open: PatternStrength = { anchored: false, admits: META };
  if (pattern.length > MAX_PATTERN) return open;
  // Java, Python and RE2 write these anchors and flags; the tree is the same.
  const source = pattern.replace(/^\(\?[a-z]+\)/, '').replace(/\\A/g, '^').replace(/\\[zZ]/g, '$');
  let tree: AST.Pattern;
  try {
    tree = parser.parsePattern(source, 0, source.length, { unicode: false });
  } catch {
    return open;
  }
  const anchored = whole || isAnchored(tree.alternatives);
  const admitted = new Set<string>();
  collect(tree, admitted);
  return { anchored, admits: META.filter((character) => admitted.has(character)) };
}

function isAnchored(alternatives: readonly AST.Alternative[]): boolean {
  return alternatives.every(({ elements }) => {
    const first = elements[0];
    const last = elements.at(-1);
    if (elements.length === 1 && first !== undefined && (first.type === 'Group' || first.type === 'CapturingGroup')) return isAnchored(first.alternatives);
    return first?.type === 'Assertion' && first.kind === 'start' && last?.type === 'Assertion' && last.kind === 'end';
  });
}

function collect(node: AST.Node, admitted: Set<string>): void {
  switch (node.type) {
    case 'Pattern':
    case 'Group':
    case 'CapturingGroup':
      for (const alternative of node.alternatives) collect(alternative, admitted);
      return;
    case 'Alternative':
      for (const element of node.elements) collect(element, admitted);
      return;
    case 'Quantifier':
      if (node.max > 0) collect(node.element, admitted);
      return;
    case 'Character':
    case 'CharacterSet':
    case 'CharacterClass':
      for (const character of META) if (matches(node, character)) admitted.add(character);
      return;
    default:
  }
}

function matches(node: AST.Character | AST.CharacterSet | AST.CharacterClass | AST.CharacterClassElement, character: string): boolean {
  const code = character.codePointAt(0) as number;
  switch (node.type) {
    case 'Character':
      return node.value === code;
    case 'CharacterClassRange':
      return node.min.value <= code && code <= node.max.value;
    case 'CharacterClass':
      return node.elements.some((element) => matches(element, character)) !== node.negate;
    case 'CharacterSet':
      if (node.kind === 'any') return character !== '\n';
      if (node.kind === 'space') return /\s/.test(character) !== node.negate;
      if (node.kind === 'digit' || node.kind === 'word') return node.negate;
      return true;
    default:
      return true;
  }
}
