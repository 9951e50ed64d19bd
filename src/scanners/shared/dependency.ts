import type { Finding, Region, Rule, Severity } from '../../core/index.js';
import { createFinding, createRule, cweTags } from './finding.js';
import { findingPackage } from './package.js';

/** A known weakness of a package as a tool reports it. */
export interface DependencyInput {
  readonly tool: string;
  /** The advisory's id by which the tool reports it. */
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string;
  /** Workspace path of the manifest or lock file, or the place that stands for an image. */
  readonly manifest: string;
  readonly region?: Region | undefined;
  /** Other ids of the same advisory. */
  readonly aliases: Iterable<string>;
  readonly fixedVersions: Iterable<string>;
  readonly purl?: string | undefined;
  readonly cwes?: unknown;
  readonly help?: string | undefined;
  readonly helpUri?: string | undefined;
  /** When the advisory was published, as the tool prints it: RFC 3339 or a day. */
  readonly published?: unknown;
}

/** The finding of a weakness of a dependency and the rule that stands for its advisory. */
export function dependencyFinding(input: DependencyInput): { finding: Finding; rule: Rule } {
  const { tool, id, severity, name, version } = input;
  const fixed = [...new Set(input.fixedVersions)].filter((entry) => entry !== '');
  const repair = fixed.length === 0 ? 'there is no repaired version' : `repaired in ${fixed.slice(0, 5).join(', ')}`;
  return {
    finding: createFinding({
      tool,
      ruleId: id,
      severity,
      confidence: 'high',
      message: `${name}${version === '' ? '' : ` ${version}`}: ${input.title} (${repair})`,
      path: input.manifest,
      region: input.region,
      package: findingPackage({ ...input, aliases: [id, ...input.aliases], fixedVersions: fixed }),
    }),
    rule: createRule({ id, title: input.title, severity, confidence: 'high', tags: ['dependency', ...cweTags(input.cwes)], help: input.help, helpUri: input.helpUri }),
  };
}

/** Whether a text can be an advisory's id. */
export function isAdvisoryId(text: string): boolean {
  return /^[A-Za-z][\w.:/-]{2,100}$/.test(text);
}

/** Severity of a CVSS base score by the bands of the specification (CVSS 3.1, section 5). */
export function severityOfScore(score: number): Severity | undefined {
  if (!Number.isFinite(score) || score < 0 || score > 10) return undefined;
  return score >= 9 ? 'critical' : score >= 7 ? 'high' : score >= 4 ? 'medium' : score > 0 ? 'low' : 'note';
}

/** The strings of a list, or none. */
export function textList(value: unknown): string[] {
  return Array.isArray(value) ? (value as unknown[]).filter((entry) => typeof entry === 'string').slice(0, 200) : [];
}
