/*
 * What a policy may read, in plain data: `facts/declarations.ts` builds it from the fact schemas,
 * `engine/` type-checks policies with it. Neither stage imports the other.
 */

/** Type of a property of a fact. */
export type DeclaredType =
  /** `values`: the only strings that it can be, where they are known. */
  | { readonly type: 'string'; readonly values?: readonly string[] }
  | { readonly type: 'bool' }
  | { readonly type: 'int' }
  | { readonly type: 'list'; readonly item: DeclaredType }
  /** Keys are strings. */
  | { readonly type: 'map'; readonly value: DeclaredType }
  /** `name` of an entry of `FactDeclarations.objects`. */
  | { readonly type: 'object'; readonly name: string };

export type DeclaredProperty = DeclaredType & { readonly description: string };

/** An object with named properties, such as a fact kind or `job.permissions`. */
export interface DeclaredObject {
  readonly name: string;
  readonly description: string;
  readonly properties: Readonly<Record<string, DeclaredProperty>>;
}

/** All fact kinds. */
export interface FactDeclarations {
  /** Names of the kinds as facts carry them, such as `secret-use`; each is the name of an object. */
  readonly kinds: readonly string[];
  readonly objects: Readonly<Record<string, DeclaredObject>>;
  /** The value of each kind with every property at its default, for a parent that is absent. */
  readonly empty: Readonly<Record<string, unknown>>;
}
