import { gzipSync } from 'node:zlib';
import type { Location, Log, Result, Run } from 'sarif';

const MAX_COMPRESSED = 10 * 1024 * 1024;

/**
 * What GitHub code scanning would reject or quietly drop in a log that is valid by the schema: sizes and numbers
 * above its limits, runs that it can't tell apart, locations and severities that it can't read.
 * Source: GitHub's "SARIF support for code scanning" and the messages of rejected uploads.
 */
export function githubErrors(log: Log): readonly string[] {
  const errors: string[] = [];
  const most = (what: string, count: number, limit: number): void => {
    if (count > limit) errors.push(`${what}: ${count}, GitHub takes ${limit}`);
  };
  most('runs', log.runs.length, 20);
  most('bytes compressed', gzipSync(JSON.stringify(log)).length, MAX_COMPRESSED);
  const keys = new Set<string>();
  const categories = new Set<string>();
  log.runs.forEach((run, position) => {
    const at = `runs[${position}]`;
    const { name, fullName, version, semanticVersion, guid } = run.tool.driver;
    const id = run.automationDetails?.id ?? '';
    const key = JSON.stringify([name, fullName, version, semanticVersion, guid, id]);
    if (keys.has(key)) errors.push(`${at}: same tool and automationDetails.id as another run`);
    keys.add(key);
    const category = `${name}\n${id.slice(0, id.lastIndexOf('/') + 1)}`;
    if (categories.has(category)) errors.push(`${at}: same tool and category as another run`);
    categories.add(category);
    if (!id.endsWith('/')) errors.push(`${at}: automationDetails.id does not end with "/", so it is no category`);
    errors.push(...ruleErrors(run, at), ...(run.results ?? []).flatMap((result, index) => resultErrors(result, run, `${at}.results[${index}]`)));
    most(`${at} results`, run.results?.length ?? 0, 25_000);
    most(`${at} rules`, run.tool.driver.rules?.length ?? 0, 25_000);
    if (run.results === undefined) errors.push(`${at}: no results array`);
  });
  return errors;
}

function ruleErrors(run: Run, at: string): string[] {
  const ids = new Set<string>();
  return (run.tool.driver.rules ?? []).flatMap((rule) => {
    const severity: unknown = rule.properties?.['security-severity'];
    const found = [
      ...(ids.has(rule.id) ? ['a second time'] : []),
      ...(rule.id === '' || rule.id.length > 255 ? ['an id that is empty or longer than 255'] : []),
      ...(typeof severity !== 'string' || Number.isNaN(Number(severity)) ? ['no numeric security-severity in a string'] : []),
      ...((rule.properties?.tags?.length ?? 0) > 20 ? ['more than 20 tags'] : []),
      ...((rule.shortDescription?.text.length ?? 0) > 1024 ? ['a shortDescription longer than 1,024'] : []),
      ...((rule.fullDescription?.text.length ?? 0) > 1024 ? ['a fullDescription longer than 1,024'] : []),
    ];
    ids.add(rule.id);
    return found.map((what) => `${at} rule ${JSON.stringify(rule.id)}: ${what}`);
  });
}

function resultErrors(result: Result, run: Run, at: string): string[] {
  const locations = result.locations ?? [];
  const steps = (result.codeFlows ?? []).flatMap((flow) => flow.threadFlows.flatMap((thread) => thread.locations ?? []));
  const all = [...locations, ...(result.relatedLocations ?? []), ...steps.flatMap((step) => step.location ?? [])];
  return [
    ...(locations.length === 0 ? [`${at}: no location`] : []),
    ...(locations.length > 1000 ? [`${at}: more than 1,000 locations`] : []),
    ...(steps.length > 10_000 ? [`${at}: more than 10,000 steps in code flows`] : []),
    ...(run.tool.driver.rules?.[result.ruleIndex ?? -1]?.id === result.ruleId ? [] : [`${at}: ruleIndex and ruleId disagree`]),
    ...(result.level === undefined ? [`${at}: no level`] : []),
    ...(/^[0-9a-f]+:\d+$/.test(result.partialFingerprints?.['primaryLocationLineHash'] ?? '') ? [] : [`${at}: no primaryLocationLineHash`]),
    ...all.flatMap(locationErrors).map((what) => `${at}: ${what}`),
  ];
}

function locationErrors({ physicalLocation }: Location): string[] {
  const uri = physicalLocation?.artifactLocation?.uri ?? '';
  const { startLine = 1, startColumn = 1, endLine = startLine, endColumn = Infinity } = physicalLocation?.region ?? {};
  return [
    ...(/^(?!\/)[^\s:\\]+$/.test(uri) && !uri.split('/').includes('..') ? [] : [`not a relative URI inside the repository: ${JSON.stringify(uri)}`]),
    ...(Math.min(startLine, startColumn, endLine, endColumn) < 1 ? ['a line or column below 1'] : []),
    ...(endLine < startLine || (endLine === startLine && endColumn < startColumn) ? ['a region that ends before it starts'] : []),
  ];
}
