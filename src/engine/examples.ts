import { LineIndex, SEVERITIES, type Finding, type Severity } from '../core/index.js';
import type { Policy, PolicyExample } from './policy.js';

/*
 * Examples of policies are their tests and a part of their documentation. A line of a `fail` example on
 * which the policy must report ends with a comment, which is taken off before the file is read:
 *
 *   - run: echo ${{ github.event.issue.title }}   # expect
 *   - run: npm ci                                 # expect: critical "npm ci"
 *
 * The severity and the exact text of the region are checked when they are given. `// expect` and
 * `<!-- expect -->` do the same in other languages; two comments behind each other expect two findings.
 */

/** A finding that an example expects. */
export interface Expectation {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly severity?: Severity;
  /** Text of the region. */
  readonly text?: string;
}

/** The files of an example without their expectations. */
export interface ParsedExample {
  readonly files: Readonly<Record<string, string>>;
  readonly expectations: readonly Expectation[];
}

/** Runs policies over files, by path, with what GitHub says of references: the real readers, or a stand-in in the engine's own tests. */
export type ScanFiles = (files: Readonly<Record<string, string>>, policies: readonly Policy[], online?: PolicyExample['online']) => readonly Finding[] | Promise<readonly Finding[]>;

const MARKER = new RegExp(`[ \\t]*(?:#|//|<!--)[ \\t]*expect(?::(?:[ \\t]*(${SEVERITIES.join('|')}))?)?(?:[ \\t]+("(?:[^"\\\\]|\\\\.)*"))?[ \\t]*(?:-->)?[ \\t]*$`);
/** A comment that was probably meant to be a marker. */
const ALMOST = /(?:#|\/\/|<!--)[ \t]*expect\b/i;

/** Takes the expectations off. Throws an `Error` on a comment that looks like one and is none. */
export function parseExample(example: PolicyExample): ParsedExample {
  const files: Record<string, string> = {};
  const expectations: Expectation[] = [];
  for (const [path, text] of Object.entries(example.files)) {
    const lines = text.split('\n').map((line, index) => {
      const { rest, markers } = takeMarkers(line);
      if (ALMOST.test(rest)) throw new Error(`${path}:${index + 1}: write \`# expect\`, \`# expect: high\`, \`# expect: "text"\` or \`# expect: high "text"\``);
      for (const marker of markers) expectations.push({ path, line: index + 1, ...marker });
      return rest;
    });
    files[path] = lines.join('\n');
  }
  return { files, expectations };
}

/** Cuts the markers off the end of a line. */
export function takeMarkers(line: string): { rest: string; markers: { severity?: Severity; text?: string }[] } {
  const markers: { severity?: Severity; text?: string }[] = [];
  let rest = line;
  for (let match = MARKER.exec(rest); match; match = MARKER.exec(rest)) {
    const [, severity, text] = match;
    markers.unshift({ ...(severity !== undefined && { severity: severity as Severity }), ...(text !== undefined && { text: JSON.parse(text) as string }) });
    rest = rest.slice(0, match.index);
  }
  return { rest, markers };
}

/** Runs one example of a policy; answers what is wrong, one sentence each. */
export async function checkExample(policy: Policy, example: PolicyExample, scanFiles: ScanFiles): Promise<string[]> {
  const { files, expectations } = parseExample(example);
  if (example.kind === 'pass' && expectations.length > 0) return ['A `pass` example expects nothing.'];
  if (example.kind === 'fail' && expectations.length === 0) return ['A `fail` example marks at least one line with `# expect`.'];
  const all = await scanFiles(files, [policy], example.online);
  const findings = all.filter((finding) => finding.ruleId === policy.definition.id);
  const remaining = [...findings];
  const problems: string[] = [];
  for (const expectation of expectations) {
    const found = remaining.findIndex((finding) => fits(finding, expectation, files));
    if (found >= 0) remaining.splice(found, 1);
    else problems.push(`Expected ${describeExpectation(expectation)}, but there is ${describeAround(findings, expectation, files)}.`);
  }
  for (const finding of remaining) {
    const { path, region } = finding.locations[0];
    problems.push(`Unexpected finding at ${path}:${region?.startLine ?? 1} (${finding.severity} "${regionText(finding, files)}"): ${finding.message}`);
  }
  return problems;
}

function fits(finding: Finding, expectation: Expectation, files: Readonly<Record<string, string>>): boolean {
  const { path, region } = finding.locations[0];
  return (
    path === expectation.path &&
    (region?.startLine ?? 1) === expectation.line &&
    (expectation.severity === undefined || expectation.severity === finding.severity) &&
    (expectation.text === undefined || expectation.text === regionText(finding, files))
  );
}

function regionText(finding: Finding, files: Readonly<Record<string, string>>): string {
  const { path, region } = finding.locations[0];
  const text = files[path];
  if (text === undefined || region === undefined) return '';
  const { start, end } = new LineIndex(text).range(region);
  return text.slice(start, end);
}

function describeExpectation({ path, line, severity, text }: Expectation): string {
  return `${severity ?? 'a finding'} at ${path}:${line}${text === undefined ? '' : ` on "${text}"`}`;
}

function describeAround(findings: readonly Finding[], expectation: Expectation, files: Readonly<Record<string, string>>): string {
  const here = findings.filter(({ locations: [{ path, region }] }) => path === expectation.path && region?.startLine === expectation.line);
  if (here.length === 0) return 'none on that line';
  return here.map((finding) => `${finding.severity} on "${regionText(finding, files)}"`).join(', ');
}
