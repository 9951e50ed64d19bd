/**
 * Functions of policies beside CEL's own. Few on purpose: what needs more belongs in a derived fact.
 * `call` gets the receiver first, then the arguments.
 */
export interface PolicyFunction {
  /** CEL signature. */
  readonly signature: string;
  readonly description: string;
  readonly example: string;
  readonly call: (...args: never[]) => unknown;
}

export const POLICY_FUNCTIONS: readonly PolicyFunction[] = [
  {
    signature: 'string.lower(): string',
    description: 'The text in lower case.',
    example: "job.environment.lower() == 'production'",
    call: (text: string) => text.toLowerCase(),
  },
  {
    signature: 'string.startsWithAny(list<string>): bool',
    description: 'The text starts with one of the prefixes.',
    example: "reference.name.startsWithAny(['actions/', 'github/'])",
    call: (text: string, prefixes: readonly string[]) => prefixes.some((prefix) => text.startsWith(prefix)),
  },
  {
    signature: 'string.endsWithAny(list<string>): bool',
    description: 'The text ends with one of the suffixes.',
    example: "command.name.endsWithAny(['.sh', '.ps1'])",
    call: (text: string, suffixes: readonly string[]) => suffixes.some((suffix) => text.endsWith(suffix)),
  },
  {
    signature: 'string.containsAny(list<string>): bool',
    description: 'One of the parts occurs in the text.',
    example: "command.text.containsAny(['$GITHUB_ENV', '$GITHUB_PATH'])",
    call: (text: string, parts: readonly string[]) => parts.some((part) => text.includes(part)),
  },
  {
    signature: 'list<string>.hasAny(list<string>): bool',
    description: 'The two lists have an element in common.',
    example: "command.pipedTo.hasAny(['sh', 'bash'])",
    call: (list: readonly string[], others: readonly string[]) => list.some((element) => others.includes(element)),
  },
];
