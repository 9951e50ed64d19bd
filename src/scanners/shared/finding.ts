import type { Confidence, Finding, FindingPackage, FlowStep, Location, Region, Rule, Severity } from '../../core/index.js';

/** What an adapter knows of a finding; everything else is empty. */
export interface FindingInput {
  readonly tool: string;
  readonly ruleId: string;
  readonly severity: Severity;
  /** `medium` when the tool does not say. */
  readonly confidence?: Confidence | undefined;
  readonly message: string;
  readonly path: string;
  /** Absent when the whole file is meant. */
  readonly region?: Region | undefined;
  readonly reasons?: readonly string[];
  readonly related?: readonly Location[];
  readonly flow?: readonly FlowStep[];
  readonly package?: FindingPackage | undefined;
}

/** Longest text of a tool that goes into a finding, in UTF-16 code units. */
const MAX_MESSAGE = 4_000;

/** A finding with one location. */
export function createFinding(input: FindingInput): Finding {
  const { tool, ruleId, severity, path, region } = input;
  return {
    ruleId,
    tool,
    severity,
    confidence: input.confidence ?? 'medium',
    message: clip(input.message),
    reasons: input.reasons ?? [],
    locations: [region === undefined ? { path } : { path, region }],
    related: input.related ?? [],
    flow: input.flow ?? [],
    fingerprints: {},
    ...(input.package === undefined ? {} : { package: input.package }),
    alsoReportedBy: [],
  };
}

/** What an adapter knows of a rule. */
export interface RuleInput {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly confidence?: Confidence | undefined;
  readonly tags?: readonly string[];
  /** Markdown; the title when the tool gives none. */
  readonly help?: string | undefined;
  readonly helpUri?: string | undefined;
}

/** A rule whose help ends with the link, where it is one to the web. */
export function createRule({ id, title, severity, confidence = 'medium', tags = [], help, helpUri }: RuleInput): Rule {
  const link = helpUri !== undefined && isWebLink(helpUri) ? helpUri : undefined;
  const heading = clip(title).replace(/\s+/g, ' ').trim().replace(/\.$/, '') || id;
  const text = help === undefined || help.trim() === '' ? `${heading}.` : clip(help.trim());
  return {
    id,
    title: heading,
    severity,
    confidence,
    tags: [...new Set(tags)],
    help: link === undefined ? text : `${text}\n\nWhat it means and how to repair it: <${link}>`,
    ...(link === undefined ? {} : { helpUri: link }),
  };
}

/** The text, or its beginning and an ellipsis. */
export function clip(text: string, max: number = MAX_MESSAGE): string {
  return text.length > max ? `${text.slice(0, max)}…` : text;
}

/** The entry of a table by a tool's word; never a property that every object has. */
export function lookUp<T>(table: Readonly<Record<string, T>>, word: unknown, otherwise: T): T {
  return typeof word === 'string' && Object.hasOwn(table, word) ? (table[word] as T) : otherwise;
}

/** `CWE-79` of `CWE-79: Improper …`, `cwe-79`, `79`, 79, and of lists of those. */
export function cweTags(value: unknown): string[] {
  const values = Array.isArray(value) ? value.slice(0, 20) : [value];
  return values.flatMap((entry: unknown) => {
    const number = typeof entry === 'number' ? String(entry) : typeof entry === 'string' ? /^\s*(?:CWE-?)?([0-9]{1,5})\b/i.exec(entry)?.[1] : undefined;
    return number === undefined ? [] : [`CWE-${Number(number)}`];
  });
}

function isWebLink(text: string): boolean {
  return /^https?:\/\/[^\s<>]{1,500}$/.test(text);
}
