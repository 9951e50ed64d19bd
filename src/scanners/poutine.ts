import type { Finding, ParsedOutput, ScanOutput, Scanner, ScannerOption, ScanRequest, Severity } from '../core/index.js';
import { createFinding, createRule, lookUp } from './shared/finding.js';
import { asArray, asObject, asString, parseJson, wholeNumber } from './shared/json.js';
import type { JsonObject } from './shared/json.js';
import { readOptions } from './shared/options.js';
import { appliesTo, workspacePaths } from './shared/paths.js';
import { createRegions } from './shared/region.js';
import { createRuleSet } from './shared/rules.js';

const SEVERITY: Readonly<Record<string, Severity>> = { error: 'high', warning: 'medium', note: 'low', none: 'note' };
const OPTIONS: Readonly<Record<string, ScannerOption>> = {};

/**
 * Poutine, for build pipelines of GitHub, GitLab, Azure and Tekton. After its documentation: 0 finished, findings or none; others failure. A configuration of ours
 * replaces `.poutine.yml`, which could skip rules. It needs git's metadata of the workspace.
 */
export const poutine: Scanner = {
  name: 'poutine',
  executable: 'poutine',
  informationUri: 'https://boostsecurityio.github.io/poutine/',
  capabilities: { network: [], secrets: [] },
  severityTable: SEVERITY,
  options: OPTIONS,
  exitCodes: { '0': 'finished, findings or none', 'others': 'failure' },
  splittable: false,
  version: { args: ['version'], parse: (stdout) => /([0-9]+\.[0-9]+\.[0-9]+)/.exec(stdout)?.[1] },
  applies: appliesTo(['github-workflow', 'github-action', 'gitlab-ci', 'azure-pipelines', 'tekton'], 'pipeline'),
  command: (request) => {
    readOptions('poutine', OPTIONS, request.options);
    return { args: ['analyze_local', '.', '--format', 'json', '--quiet', '--disable-version-check', '--config', `${request.configDirectory}/poutine.yml`], files: { 'poutine.yml': '{}\n' }, completedCodes: [0] };
  },
  parse: parsePoutine,
  canary: {
    files: {
      '.github/workflows/canary.yml': {
        format: 'github-workflow',
        text: 'on: pull_request_target\njobs:\n  canary:\n    runs-on: ubuntu-latest\n    steps:\n      - run: echo "${{ github.event.pull_request.title }}"\n',
      },
    },
    // The least that git takes for a repository.
    around: { '.git/HEAD': 'ref: refs/heads/main\n', '.git/config': '[core]\n\trepositoryformatversion = 0\n\tbare = false\n', '.git/objects/info/packs': '\n', '.git/refs/heads/.keep': '' },
  },
};

function parsePoutine(output: ScanOutput, request: ScanRequest): ParsedOutput {
  const root = asObject(parseJson(output.stdout), 'the document');
  const described = asObject(root['rules'], 'rules');
  const pathOf = workspacePaths(request.root);
  const regionOf = createRegions(request.source, 'code-point');
  const rules = createRuleSet();
  const findings: Finding[] = [];
  let foreign = 0;
  for (const [index, entry] of asArray(root['findings'] ?? [], 'findings').entries()) {
    const place = `findings[${index}]`;
    const found = asObject(entry, place);
    const ruleId = asString(found['rule_id'], `${place}.rule_id`);
    const meta = asObject(found['meta'], `${place}.meta`);
    const path = typeof meta['path'] === 'string' ? pathOf(meta['path']) : undefined;
    if (path === undefined || !/^[\w-]{1,100}$/.test(ruleId)) {
      foreign++;
      continue;
    }
    const own = Object.hasOwn(described, ruleId) ? described[ruleId] : undefined;
    const rule: JsonObject = typeof own === 'object' && own !== null ? (own as JsonObject) : {};
    const title = typeof rule['title'] === 'string' ? rule['title'] : ruleId.replaceAll('_', ' ');
    const severity = lookUp(SEVERITY, rule['level'], 'medium');
    const line = wholeNumber(meta['line'], 1);
    const details = meta['details'];
    rules.add(createRule({ id: ruleId, title, severity, tags: ['pipeline'], help: typeof rule['description'] === 'string' ? rule['description'] : undefined, helpUri: `https://boostsecurityio.github.io/poutine/rules/${ruleId}` }));
    findings.push(createFinding({ tool: 'poutine', ruleId, severity, message: typeof details === 'string' && details !== '' ? `${title}: ${details}` : title, path, region: line === undefined ? undefined : regionOf(path, { startLine: line }) }));
  }
  return { rules: rules.list(), findings, diagnostics: foreign === 0 ? [] : [{ level: 'warning', code: 'foreign-path', message: `poutine reported ${foreign} findings without a place in the workspace; they are left out.` }] };
}
