import type { DeclaredType, FactDeclarations } from '../core/index.js';
import { variableName } from './context.js';
import { describePolicies, possibleSeverities } from './describe.js';
import { takeMarkers } from './examples.js';
import { POLICY_FUNCTIONS } from './functions.js';
import type { Policy, PolicyExample } from './policy.js';

/** What `explain <id>` shows: Markdown, without examples. */
export function explainPolicy(policy: Policy): string {
  const { definition } = policy;
  const platforms = definition.platforms.length === 0 ? 'all' : definition.platforms.join(', ');
  const parts = [
    `# ${definition.id}`,
    ...(definition.deprecated === undefined ? [] : [`**Deprecated:** ${definition.deprecated}`]),
    `**${definition.title}.**${definition.repair === '' ? '' : ` ${definition.repair}`}`,
    table(
      ['severity', 'confidence', 'judges', 'platforms'],
      [[possibleSeverities(definition).join(', '), definition.confidence, `\`${definition.select}\``, platforms]],
    ),
  ];
  if (definition.online === true) parts.push('**Needs the network.** It judges what GitHub says of references, which is asked with `online: true` and a token. Skipped otherwise.');
  if (definition.help !== '') parts.push(definition.help.trim());
  const options = Object.entries(definition.options);
  if (options.length > 0) {
    const example = Object.fromEntries(options.map(([name, option]) => [name, option.default]));
    parts.push(
      '## Options',
      table(['option', 'type', 'default', ''], options.map(([name, option]) => [`\`${name}\``, option.type, `\`${JSON.stringify(option.default)}\``, option.description])),
      fence('yaml', `policies:\n  ${definition.id}: ${JSON.stringify(example)}`),
    );
  }
  const facts = [
    ...(definition.tags.length > 0 ? [`Tags: ${definition.tags.join(', ')}`] : []),
    ...(definition.equivalents.length > 0 ? [`The same weakness in other tools: ${definition.equivalents.map((id) => `\`${id}\``).join(', ')}`] : []),
    ...(definition.aliases.length > 0 ? [`Also known as: ${definition.aliases.map((id) => `\`${id}\``).join(', ')}`] : []),
    ...definition.references.map((url) => `<${url}>`),
  ];
  if (facts.length > 0) parts.push('## More', facts.map((fact) => `- ${fact}`).join('\n'));
  return `${parts.join('\n\n')}\n`;
}

/** Page of a policy: what `explain` shows, then its expression and its examples with the reported lines marked. */
export function policyPage(policy: Policy): string {
  const parts = [explainPolicy(policy).trimEnd(), '## The policy', fence('cel', policy.definition.when.trim())];
  for (const kind of ['fail', 'pass'] as const) {
    const examples = policy.definition.examples.filter((example) => example.kind === kind);
    if (examples.length > 0) parts.push(kind === 'fail' ? '## Reported' : '## Not reported', ...examples.map(renderExample));
  }
  return `${parts.join('\n\n')}\n`;
}

function renderExample(example: PolicyExample): string {
  const title = example.name === '' ? [] : [`### ${example.name}`];
  const files = Object.entries(example.files).flatMap(([path, text]) => {
    const lines = text.trimEnd().split('\n').map((line) => {
      const { rest, markers } = takeMarkers(line);
      return markers.length === 0 ? rest : `${rest}   ◀ ${markers[0]?.severity ?? 'reported'}`;
    });
    return [`\`${path}\``, fence(language(path), lines.join('\n'))];
  });
  return [...title, ...files].join('\n\n');
}

/** Index of all policies. `link` gives the address of a policy's page. */
export function policyIndex(policies: readonly Policy[], link: (id: string) => string): string {
  const rows = describePolicies(policies).map((policy) => [
    `[${policy.id}](${link(policy.id)})`,
    policy.title,
    policy.severities.join(', '),
    policy.confidence,
    policy.platforms.length === 0 ? 'all' : policy.platforms.join(', '),
  ]);
  return `# Policies\n\n${table(['policy', 'what it reports', 'severity', 'confidence', 'platforms'], rows)}\n`;
}

/** Reference of what policies may read, for people who write them. */
export function factReference(declarations: FactDeclarations): string {
  const parts = [
    '# Facts',
    'A policy selects one kind of fact. In its expressions every kind is a variable: the selected fact, the facts that it lies in, ' +
      'and for every other kind a value with all properties empty. Reading never fails: a key that a map does not have and an index that a list ' +
      'does not have read as the empty value (`\'key\' in map` tells whether it is there).',
  ];
  const kinds = new Set(declarations.kinds);
  for (const object of Object.values(declarations.objects).toSorted((a, b) => order(a.name, declarations) - order(b.name, declarations))) {
    const title = kinds.has(object.name) ? `## \`${variableName(object.name)}\`` : `### \`${object.name}\``;
    const note = kinds.has(object.name) && variableName(object.name) !== object.name ? [`\`select: ${object.name}\``] : [];
    const rows = Object.entries(object.properties).map(([key, property]) => [`\`${key}\``, typeText(property), property.description]);
    parts.push(title, ...note, ...(object.description === '' ? [] : [object.description]), table(['property', 'type', ''], rows));
  }
  parts.push(
    '# Functions',
    'Beside those of CEL. `matches` takes RE2 syntax and linear time.',
    table(['function', '', 'example'], POLICY_FUNCTIONS.map(({ signature, description, example }) => [`\`${signature}\``, description, `\`${example}\``])),
  );
  return `${parts.join('\n\n')}\n`;
}

/** Objects stand behind the kind in which they are first used. */
function order(name: string, declarations: FactDeclarations): number {
  return declarations.kinds.indexOf(name.split('.')[0] ?? '');
}

function typeText(type: DeclaredType): string {
  switch (type.type) {
    case 'list':
      return `list of ${typeText(type.item)}`;
    case 'map':
      return `map of ${typeText(type.value)}`;
    case 'object':
      return `[${type.name}](#${type.name.replaceAll('.', '')})`;
    case 'string':
      return type.values === undefined ? 'string' : type.values.map((value) => `\`'${value}'\``).join(', ');
    default:
      return type.type;
  }
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

/** A code block whose fence is longer than any run of backticks inside. */
function fence(language: string, text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const ticks = '`'.repeat(longest + 1);
  return `${ticks}${language}\n${text}\n${ticks}`;
}

function language(path: string): string {
  const extension = /\.([a-z]+)$/.exec(path)?.[1] ?? '';
  return { yml: 'yaml', yaml: 'yaml', sh: 'sh', bash: 'sh', py: 'python', json: 'json' }[extension] ?? 'text';
}
