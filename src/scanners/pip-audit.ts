import { ScannerOutputError } from '../core/index.js';
import type { Diagnostic, Finding, ParsedOutput, ScanOutput, Scanner, ScannerOption, ScanRequest } from '../core/index.js';
import { dependencyFinding, isAdvisoryId, textList } from './shared/dependency.js';
import { asArray, asObject, asString, parseJson } from './shared/json.js';
import { readOptions } from './shared/options.js';
import { appliesTo, toArgument } from './shared/paths.js';
import { createRuleSet } from './shared/rules.js';

const OPTIONS: Readonly<Record<string, ScannerOption>> = {
  service: { type: 'string', values: ['pypi', 'osv'], description: 'Where it asks; `pypi` when not given.' },
};

/**
 * pip-audit, for Python requirements. Verified with 2.10: 0 no findings, 1 findings or a failure, told apart by the
 * output. A package that the service does not know is skipped, and the exit code stays 0: when all are, nothing was read.
 * It resolves nothing (`--no-deps --disable-pip`): that would execute code of packages. It sends
 * names and versions to the service and is therefore started only when it is switched on by name.
 */
export const pipAudit: Scanner = {
  name: 'pip-audit',
  executable: 'pip-audit',
  informationUri: 'https://github.com/pypa/pip-audit',
  capabilities: { network: ['pypi.org', 'api.osv.dev'], secrets: [] },
  severityTable: { 'any advisory': 'high (its services give no severity)' },
  options: OPTIONS,
  verifiedWith: '2.10',
  exitCodes: { '0': 'no findings', '1': 'findings, or a failure: then there is no result' },
  splittable: true,
  version: { args: ['--version'], parse: (stdout) => /^pip-audit (\S+)/m.exec(stdout)?.[1] },
  applies: appliesTo(['python-requirements'], 'requirements file'),
  command: (request) => ({
    args: [
      '--format', 'json', '--progress-spinner', 'off', '--no-deps', '--disable-pip', '--desc', 'on', '--aliases', 'on',
      '--vulnerability-service', readOptions('pip-audit', OPTIONS, request.options).text('service') ?? 'pypi',
      ...request.files.flatMap(({ path }) => ['--requirement', toArgument(path)]),
    ],
    completedCodes: [0, 1],
  }),
  parse: parsePipAudit,
  canary: { files: { 'requirements.txt': { format: 'python-requirements', text: 'jinja2==2.4.1\n' } } },
};

function parsePipAudit(output: ScanOutput, request: ScanRequest): ParsedOutput {
  const document = parseJson(output.stdout);
  // Before version 2.5 the list itself was the document.
  const dependencies = asArray(Array.isArray(document) ? document : asObject(document, 'the document')['dependencies'], 'dependencies').map((value, index) => asObject(value, `dependencies[${index}]`));
  const skipped = dependencies.filter(({ skip_reason: reason }) => typeof reason === 'string');
  if (skipped.length > 0 && skipped.length === dependencies.length) {
    throw new ScannerOutputError(`could audit none of the ${skipped.length} packages: ${String(skipped[0]?.['skip_reason']).slice(0, 200)}`);
  }
  const rules = createRuleSet();
  const findings: Finding[] = [];
  const diagnostics: Diagnostic[] = skipped.slice(0, 50).map((dependency) => ({ level: 'warning', code: 'scanner-could-not-read', message: `pip-audit did not audit ${String(dependency['name']).slice(0, 100)}: ${String(dependency['skip_reason']).slice(0, 200)}` }));
  for (const dependency of dependencies) {
    if (typeof dependency['skip_reason'] === 'string') continue;
    const name = asString(dependency['name'], 'dependencies.name');
    const version = asString(dependency['version'], `version of ${name}`);
    for (const [index, value] of asArray(dependency['vulns'], `vulns of ${name}`).entries()) {
      const advisory = asObject(value, `vulns[${index}] of ${name}`);
      const id = asString(advisory['id'], `vulns[${index}].id of ${name}`);
      if (!isAdvisoryId(id)) continue;
      const description = typeof advisory['description'] === 'string' ? advisory['description'] : '';
      const { finding, rule } = dependencyFinding({
        tool: 'pip-audit',
        id,
        title: `Known weakness ${id} of ${name}`,
        severity: 'high',
        ecosystem: 'PyPI',
        name,
        version,
        manifest: manifestOf(name, request),
        aliases: textList(advisory['aliases']),
        fixedVersions: textList(advisory['fix_versions']),
        help: description,
        helpUri: `https://osv.dev/vulnerability/${id}`,
      });
      findings.push(finding);
      rules.add(rule);
    }
  }
  return { rules: rules.list(), findings, diagnostics };
}

/** It does not say which file asks for a package: the first in which its name begins a line, compared as PyPI does (PEP 503). */
function manifestOf(name: string, request: ScanRequest): string {
  const normal = (text: string): string => text.toLowerCase().replace(/[-_.]+/g, '-');
  const wanted = normal(name);
  const found = request.files.find(({ path }) => request.source(path)?.split('\n').some((line) => normal(/^\s*([A-Za-z0-9._-]{1,100})/.exec(line)?.[1] ?? '') === wanted));
  return (found ?? request.files[0])?.path ?? 'requirements.txt';
}
