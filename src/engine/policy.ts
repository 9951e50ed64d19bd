import type { Confidence, Severity } from '../core/index.js';
import type { CelProgram } from './context.js';
import type { LoweredProgram, LoweredTemplate } from './expression.js';
import type { Template } from './template.js';

/** Domains of the policies that come with Bartizan; custom policies use other prefixes. */
export const BUILTIN_DOMAINS = ['pipeline', 'runbook', 'shell', 'settings'] as const;

export const OPTION_TYPES = ['string', 'strings', 'integer', 'boolean'] as const;
export type OptionType = (typeof OPTION_TYPES)[number];
export type OptionValue = string | readonly string[] | number | boolean;

/** An option that users set in `.bartizan.yml`; in CEL `options.trusted_owners` for `trusted-owners`. */
export interface OptionDefinition {
  readonly type: OptionType;
  readonly default: OptionValue;
  readonly description: string;
}

/** Files of a repository, by path, with expectations marked: see `examples.ts`. */
export interface PolicyExample {
  readonly name: string;
  readonly kind: 'fail' | 'pass';
  readonly files: Readonly<Record<string, string>>;
  /** What GitHub says of references, by their text: properties of `reference.online`. */
  readonly online?: OnlineExample | undefined;
}

export type OnlineExample = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** What a policy file says, every default filled in. Plain data: this is what is packed. */
export interface PolicyDefinition {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** A fact kind. */
  readonly select: string;
  /** Platforms of pipelines that it judges; empty means all. */
  readonly platforms: readonly string[];
  /** CEL. */
  readonly when: string;
  readonly options: Readonly<Record<string, OptionDefinition>>;
  /** The first whose `when` is true decides the severity; none: `severity`. */
  readonly severities: readonly { readonly when: string; readonly severity: Severity; readonly because?: string | undefined }[];
  /** `reach`: the reasons of the job's reach are reasons of the finding. */
  readonly reasons?: 'reach' | undefined;
  /** It judges what GitHub says of references, and is skipped where GitHub is not asked. */
  readonly online?: true | undefined;
  /** Paths of properties; the first that is written in the file is pointed at. Empty: the fact. */
  readonly at: readonly string[];
  readonly related: readonly { readonly at: string; readonly message: string }[];
  /** Template. */
  readonly message: string;
  readonly repair: string;
  /** The first whose `when` is true replaces `repair` for a finding: where a platform has a way of its own. */
  readonly repairs: readonly { readonly when: string; readonly repair: string }[];
  /** Markdown. */
  readonly help: string;
  readonly tags: readonly string[];
  readonly equivalents: readonly string[];
  readonly references: readonly string[];
  readonly aliases: readonly string[];
  readonly deprecated?: string | undefined;
  readonly examples: readonly PolicyExample[];
}

/** A path that is located on the selected fact, or on a parent when `kind` is set. */
export interface LocatedPath {
  readonly kind?: string;
  /** As `Fact.locate` takes it; empty for the whole fact. */
  readonly path: string;
}

/** The expressions of a policy: `Condition` is a checked condition, `Text` a checked template. */
interface PolicyExpressions<Condition, Text> {
  readonly when: Condition;
  readonly severities: readonly { readonly when: Condition; readonly severity: Severity; readonly because?: Text }[];
  readonly repairs: readonly { readonly when: Condition; readonly repair: string }[];
  readonly at: readonly LocatedPath[];
  readonly related: readonly { readonly at: LocatedPath; readonly message: Text }[];
  readonly message: Text;
}

/** The checked expressions of a policy. */
export type CompiledPolicy = PolicyExpressions<CelProgram, Template>;

/** The same as plain data: what a pack carries, so that a run checks nothing again. */
export type LoweredPolicy = PolicyExpressions<LoweredProgram, LoweredTemplate>;

/** A policy that can be evaluated. */
export interface Policy {
  readonly definition: PolicyDefinition;
  /** Its file, relative to the repository or package. */
  readonly path: string;
  readonly builtin: boolean;
  /** Absent when one of its expressions needs the CEL library. */
  readonly lowered?: LoweredPolicy | undefined;
  /** `when`, compiled on first use. */
  condition(): CelProgram;
  /** All expressions, compiled on first use. Both throw `Error` when a packed policy does not fit this version: never after a type check. */
  compiled(): CompiledPolicy;
}

/** Name of an option in CEL. */
export function optionName(name: string): string {
  return name.replaceAll('-', '_');
}
