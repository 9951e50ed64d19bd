import { ConfigurationError } from '../core/index.js';
import type { Confidence, Finding, ParsedOutput, ScanOutput, Scanner, ScannerOption, ScanRequest, Severity } from '../core/index.js';
import { createFinding, createRule, cweTags, lookUp } from './shared/finding.js';
import { asArray, asObject, asString, parseJson } from './shared/json.js';
import type { JsonObject } from './shared/json.js';
import { readOptions } from './shared/options.js';
import { createRuleSet } from './shared/rules.js';

/** `riskcode` and `confidence` of its report. */
const RISK: Readonly<Record<string, Severity>> = { '3': 'high', '2': 'medium', '1': 'low', '0': 'note' };
const CONFIDENCE: Readonly<Record<string, Confidence>> = { '4': 'high', '3': 'high', '2': 'medium', '1': 'low' };
const OPTIONS: Readonly<Record<string, ScannerOption>> = {
  target: { type: 'string', description: 'URL of the running application, `http:` or `https:`. Without it this scanner does not run.' },
  rules: { type: 'string', path: true, description: 'File of the workspace with what each rule means (`-c` of zap-baseline.py).' },
  minutes: { type: 'integer', description: 'How long the spider runs; 1 when not given.' },
};
/** Where the findings are shown: they lie in an application, not in a file. */
const PLACE = '.bartizan.yml';

/**
 * OWASP ZAP's baseline scan of a running application. After its documentation: 0 no warnings, 1 failures of rules, 2 warnings, 3
 * anything else, which is a failure; `-I` does not turn failures of rules into success. The report is written below
 * `/zap/wrk`, from where the way leads to the directory for results. It is the one scanner that talks to a host of
 * the user's choice, and is started only when it is switched on by name and a target is configured.
 */
export const zap: Scanner = {
  name: 'zap',
  executable: 'zap-baseline.py',
  informationUri: 'https://www.zaproxy.org/docs/docker/baseline-scan/',
  capabilities: { network: ['the configured target'], secrets: [] },
  severityTable: { '3 High': 'high', '2 Medium': 'medium', '1 Low': 'low', '0 Informational': 'note' },
  options: OPTIONS,
  exitCodes: { '0': 'no warnings', '1': 'failures of rules', '2': 'warnings', '3': 'failure' },
  splittable: false,
  version: { args: ['-h'], parse: () => undefined },
  applies: (_inventory, options = {}) => {
    const target = options['target'];
    if (typeof target !== 'string') return { applies: false, reason: 'no `target` is configured' };
    return { applies: true, reason: 'a target is configured', files: [] };
  },
  command: (request) => {
    const options = readOptions('zap', OPTIONS, request.options);
    const rules = options.text('rules');
    return {
      args: ['-t', targetOf(options.text('target')), '-J', `../..${request.outputDirectory}/report.json`, '-m', options.text('minutes') ?? '1', ...(rules === undefined ? [] : ['-c', `../..${request.root}/${rules}`])],
      resultFile: 'report.json',
      completedCodes: [0, 1, 2],
    };
  },
  parse: parseZap,
  canary: { impossible: 'it looks at an application that runs, and there is none of ours' },
};

/** Nothing but the web, and no credentials that would be seen in the list of processes. */
function targetOf(text: string | undefined): string {
  let url: URL | undefined;
  try {
    url = new URL(text ?? '');
  } catch {
    url = undefined;
  }
  if (url === undefined || (url.protocol !== 'http:' && url.protocol !== 'https:')) throw new ConfigurationError('Option `target` of scanner `zap` must be a URL that begins with `http:` or `https:`.');
  if (url.username !== '' || url.password !== '') throw new ConfigurationError('Option `target` of scanner `zap` must not hold credentials.');
  return url.href;
}

function parseZap(output: ScanOutput, _request: ScanRequest): ParsedOutput {
  const rules = createRuleSet();
  const findings: Finding[] = [];
  const root = asObject(parseJson(output.stdout), 'the document');
  for (const [index, entry] of asArray(root['site'], 'site').entries()) {
    const site = asObject(entry, `site[${index}]`);
    for (const [at, value] of asArray(site['alerts'], `site[${index}].alerts`).entries()) {
      const place = `site[${index}].alerts[${at}]`;
      const alert = asObject(value, place);
      const ruleId = asString(alert['alertRef'] ?? alert['pluginid'], `${place}.pluginid`);
      if (!/^[0-9]{1,8}(?:-[0-9]{1,4})?$/.test(ruleId)) continue;
      const title = asString(alert['name'] ?? alert['alert'], `${place}.name`);
      const severity = lookUp(RISK, alert['riskcode'], 'medium');
      const confidence = lookUp(CONFIDENCE, alert['confidence'], 'low');
      const help = [alert['desc'], alert['solution']].filter((part) => typeof part === 'string').map(plainText).join('\n\n');
      rules.add(createRule({ id: ruleId, title, severity, confidence, tags: [...cweTags(alert['cweid']), 'web'], help, helpUri: `https://www.zaproxy.org/docs/alerts/${ruleId}/` }));
      findings.push(createFinding({ tool: 'zap', ruleId, severity, confidence, message: `${title}: ${places(alert)}`, path: PLACE }));
    }
  }
  return { rules: rules.list(), findings, diagnostics: [] };
}

function places(alert: JsonObject): string {
  const instances = Array.isArray(alert['instances']) ? (alert['instances'] as unknown[]) : [];
  const uris = instances.flatMap((instance) => {
    const uri = typeof instance === 'object' && instance !== null ? (instance as JsonObject)['uri'] : undefined;
    // What follows `?` can be a session or a token.
    return typeof uri === 'string' ? [uri.split('?', 1)[0] ?? ''] : [];
  });
  const different = [...new Set(uris)];
  return different.length === 0 ? 'no place given' : `${different.slice(0, 5).join(', ')}${different.length > 5 ? ` and ${different.length - 5} more` : ''}`;
}

/** Its texts are fragments of HTML: the marks are dropped, nothing of it is kept as HTML. */
function plainText(html: string): string {
  return html.slice(0, 10_000).replace(/<[^<>]{0,200}>/g, ' ').replace(/[<>]/g, '').replace(/\s+/g, ' ').trim();
}
