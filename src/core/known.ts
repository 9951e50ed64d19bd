/** An option that a policy declares. */
export interface KnownOption {
  readonly type: 'string' | 'strings' | 'integer' | 'boolean';
  readonly description?: string;
}

/** What the configuration has to know of a policy. The engine's definitions fit. */
export interface KnownPolicy {
  readonly id: string;
  readonly title?: string;
  readonly aliases: readonly string[];
  readonly options: Readonly<Record<string, KnownOption>>;
}

/** Names that a configuration may use. */
export interface Known {
  readonly policies: readonly KnownPolicy[];
  /** Names of the external scanners. */
  readonly scanners: readonly string[];
}

/** Name of the built-in engine in `only` and `skip`. */
export const POLICIES_TOOL = 'policies';

/** Whether a value written by a user fits the declared type of an option. */
export function isOfType(value: unknown, type: KnownOption['type']): boolean {
  switch (type) {
    case 'string':
      return typeof value === 'string';
    case 'strings':
      return Array.isArray(value) && value.every((element) => typeof element === 'string');
    case 'integer':
      return Number.isSafeInteger(value);
    case 'boolean':
      return typeof value === 'boolean';
  }
}
