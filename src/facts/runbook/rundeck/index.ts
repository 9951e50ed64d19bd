import type { SourceRange } from '../../../core/index.js';
import { emptyValue } from '../fact-types.js';
import { type ReadContext, state } from '../../common/context.js';
import { textOf } from '../../common/values.js';
import { readYamlDocuments } from '../../common/yaml.js';
import { readRundeckXml } from './xml.js';
import { aclClaims, readRundeckYaml } from './yaml.js';

/** States the facts of Rundeck jobs in YAML or XML. */
export function readRundeckJobs(context: ReadContext): void {
  if (/\.xml$/i.test(context.document.path)) readRundeckXml(context);
  else for (const root of readYamlDocuments(context)) readRundeckYaml(root, context);
}

/** States who may do what by an access policy. */
export function readRundeckAcl(context: ReadContext): void {
  for (const root of readYamlDocuments(context)) {
    if (root.kind !== 'mapping') continue;
    const { values, everything } = aclClaims(root);
    const places: Record<string, SourceRange> = {};
    values.forEach(({ range }, index) => (places[`claims.values.${index}`] = range));
    everything.forEach((range, index) => (places[`uses.${index}`] = range));
    const [firstEverything] = everything;
    state(
      context,
      'runbook',
      {
        ...emptyValue('runbook'),
        format: 'rundeck-acl',
        kind: 'access',
        name: textOf(root, 'description'),
        titleMatches: true,
        claims: { declared: true, problem: '', names: ['by'], values: values.map(({ text }) => text) },
        uses: everything.map(() => '*'),
      },
      firstEverything ?? { start: root.range.start, end: Math.min(root.range.end, root.range.start + 1) },
      places,
    );
  }
}
