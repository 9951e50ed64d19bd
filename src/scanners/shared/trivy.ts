import { ScannerOutputError } from '../../core/index.js';
import type { Diagnostic, Finding, ParsedOutput, ScanOutput, ScanRequest, Severity } from '../../core/index.js';
import { dependencyFinding, isAdvisoryId, textList } from './dependency.js';
import { createFinding, createRule, lookUp } from './finding.js';
import { asArray, asObject, asString, parseJson, wholeNumber } from './json.js';
import type { JsonObject } from './json.js';
import { workspacePaths } from './paths.js';
import { createRegions } from './region.js';
import { createRuleSet } from './rules.js';

export const TRIVY_SEVERITY: Readonly<Record<string, Severity>> = { CRITICAL: 'critical', HIGH: 'high', MEDIUM: 'medium', LOW: 'low', UNKNOWN: 'low' };

/**
 * Reads Trivy's JSON (schema version 2, https://trivy.dev/docs/latest/configuration/reporting/#json).
 * `manifest` stands for every place in an image, whose files are none of the workspace.
 */
export function parseTrivy(tool: string, output: ScanOutput, request: ScanRequest, manifest?: string): ParsedOutput {
  const pathOf = manifest === undefined ? workspacePaths(request.root) : () => manifest;
  const regionOf = createRegions(request.source, 'code-point');
  const rules = createRuleSet();
  const findings: Finding[] = [];
  const diagnostics: Diagnostic[] = [];
  let foreign = 0;
  const root = asObject(parseJson(output.stdout), 'the document');
  if (wholeNumber(root['SchemaVersion'], 1) !== 2) throw new ScannerOutputError('its output is not in the expected form: SchemaVersion is not 2');
  for (const [index, entry] of asArray(root['Results'] ?? [], 'Results').entries()) {
    const place = `Results[${index}]`;
    const result = asObject(entry, place);
    const path = pathOf(asString(result['Target'], `${place}.Target`));
    const each = (name: string): JsonObject[] => asArray(result[name] ?? [], `${place}.${name}`).map((value, at) => asObject(value, `${place}.${name}[${at}]`));
    const regionAt = (where: unknown): Finding['locations'][0]['region'] => {
      if (path === undefined || manifest !== undefined || typeof where !== 'object' || where === null) return undefined;
      const startLine = wholeNumber((where as JsonObject)['StartLine'], 1);
      return startLine === undefined ? undefined : regionOf(path, { startLine, endLine: wholeNumber((where as JsonObject)['EndLine'], 1) });
    };
    for (const item of each('Vulnerabilities')) {
      const id = asString(item['VulnerabilityID'], `${place}.VulnerabilityID`);
      if (path === undefined || !isAdvisoryId(id)) {
        foreign++;
        continue;
      }
      const name = asString(item['PkgName'], `${place}.PkgName`);
      const identifier = typeof item['PkgIdentifier'] === 'object' && item['PkgIdentifier'] !== null ? (item['PkgIdentifier'] as JsonObject)['PURL'] : undefined;
      const read = dependencyFinding({
        tool,
        id,
        title: text(item['Title']) ?? `Known weakness ${id} of ${name}`,
        severity: lookUp(TRIVY_SEVERITY, item['Severity'], 'medium'),
        ecosystem: text(result['Type']) ?? '',
        name,
        version: text(item['InstalledVersion']) ?? '',
        manifest: path,
        aliases: textList(item['VendorIDs']),
        fixedVersions: (text(item['FixedVersion']) ?? '').split(',').map((version) => version.trim()),
        purl: text(identifier),
        cwes: item['CweIDs'],
        help: text(item['Description']),
        helpUri: text(item['PrimaryURL']),
        published: item['PublishedDate'],
      });
      findings.push(read.finding);
      rules.add(read.rule);
    }
    for (const item of each('Misconfigurations')) {
      if (item['Status'] !== undefined && item['Status'] !== 'FAIL') continue;
      const id = asString(item['ID'], `${place}.ID`);
      if (path === undefined || !isAdvisoryId(id)) {
        foreign++;
        continue;
      }
      const severity = lookUp(TRIVY_SEVERITY, item['Severity'], 'medium');
      const title = text(item['Title']) ?? id;
      const help = [text(item['Description']), text(item['Resolution'])].filter((part) => part !== undefined).join('\n\n');
      rules.add(createRule({ id, title, severity, confidence: 'high', tags: ['infrastructure'], help, helpUri: text(item['PrimaryURL']) }));
      findings.push(createFinding({ tool, ruleId: id, severity, confidence: 'high', message: text(item['Message']) ?? title, path, region: regionAt(item['CauseMetadata']) }));
    }
    for (const item of each('Secrets')) {
      const id = asString(item['RuleID'], `${place}.RuleID`);
      if (path === undefined || !isAdvisoryId(id)) {
        foreign++;
        continue;
      }
      const severity = lookUp(TRIVY_SEVERITY, item['Severity'], 'high');
      const title = text(item['Title']) ?? id;
      // `Match` and `Code` quote the line around the secret: they are not carried on.
      rules.add(createRule({ id, title, severity, tags: ['CWE-798', 'secrets'] }));
      findings.push(createFinding({ tool, ruleId: id, severity, message: title, path, region: regionAt(item) }));
    }
  }
  if (foreign > 0) diagnostics.push({ level: 'warning', code: 'foreign-path', message: `${tool} reported ${foreign} findings that are not in the workspace or have no id; they are left out.` });
  return { rules: rules.list(), findings, diagnostics };
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
