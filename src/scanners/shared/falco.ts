import { ScannerOutputError, type Finding, type ParsedOutput, type Severity } from '../../core/index.js';
import { createFinding, createRule, lookUp } from './finding.js';
import { asObject, asString, parseJson } from './json.js';
import { createRuleSet } from './rules.js';

/** Falco's priorities in lower case (https://falco.org/docs/reference/rules/rule-fields). */
const SEVERITY: Readonly<Record<string, Severity>> = { emergency: 'critical', alert: 'critical', critical: 'critical', error: 'high', warning: 'medium', notice: 'low', informational: 'note', info: 'note', debug: 'note' };
const MAX_EVENTS = 100_000;

/**
 * The events of a file that Falco writes with `json_output`: one object a line with `rule`, `priority`, `output`, `time`,
 * `tags`. An event is about a running system and has no place in the repository, so the line of the imported file stands for it.
 * @param path of the imported file
 * @throws ScannerOutputError that names the line which is no event, or when there are too many
 */
export function parseFalco(text: string, path: string): ParsedOutput {
  const rules = createRuleSet();
  const findings: Finding[] = [];
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    if (findings.length >= MAX_EVENTS) throw new ScannerOutputError(`holds more than ${MAX_EVENTS} events`);
    const place = `line ${index + 1}`;
    const event = asObject(parseLine(line, place), place);
    const rule = asString(event['rule'], `${place}: rule`);
    const output = asString(event['output'], `${place}: output`);
    const priority = event['priority'];
    const severity = lookUp(SEVERITY, typeof priority === 'string' ? priority.toLowerCase() : undefined, 'medium');
    const ruleId = rule.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 100) || 'event';
    const tags = Array.isArray(event['tags']) ? (event['tags'] as unknown[]).filter((tag): tag is string => typeof tag === 'string').slice(0, 10) : [];
    rules.add(createRule({ id: ruleId, title: rule, severity, confidence: 'high', tags: ['runtime', ...tags] }));
    const text = line.replace(/\r$/, '');
    findings.push(createFinding({ tool: 'falco', ruleId, severity, confidence: 'high', message: output, path, region: { startLine: index + 1, startColumn: 1, endLine: index + 1, endColumn: text.length + 1 } }));
  }
  return { rules: rules.list(), findings, diagnostics: [] };
}

function parseLine(line: string, place: string): unknown {
  try {
    return parseJson(line);
  } catch (error) {
    throw new ScannerOutputError(`${place}: ${(error as Error).message}`);
  }
}
