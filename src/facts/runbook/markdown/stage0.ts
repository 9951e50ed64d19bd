import type { SourceRange } from '../../../core/index.js';
import { sliceText } from '../../../syntax/located-text.js';
import type { MarkdownBlock, MarkdownFence, MarkdownHeading } from '../../../syntax/markdown.js';
import type { YamlNode } from '../../../syntax/yaml-node.js';
import { parseYamlPart } from '../../../syntax/yaml-part.js';
import { emptyValue, type FactOf, type FactValue } from '../fact-types.js';
import { isSecretName } from '../../shell/index.js';
import { type Parents, problem, type ReadContext, state, stemOf } from '../../common/context.js';
import { stateLiteral, stateTokens } from '../../common/literals.js';
import { DeclaredInputs, stateParameter } from '../../common/parameters.js';
import { ownerIn, reviewedIn, rollbackIn } from '../prose.js';
import { readScript } from '../scripts.js';
import { contentOf, entriesOf, scalarsOf } from '../../common/values.js';
import { escapes, isReserved } from '../names.js';

/*
 * Runbooks of stage0_runbook_api, as its parser and executor read them: a section is the first top-level heading
 * of that very name, the fence's language is exactly `yaml` or `sh`, and a runbook without readable claims is open to all.
 */

const SECTIONS = ['Environment Requirements', 'File System Requirements', 'Required Claims', 'Script', 'History'] as const;
type SectionName = (typeof SECTIONS)[number];
const NEEDED: readonly SectionName[] = ['Environment Requirements', 'File System Requirements', 'Script', 'History'];

interface Section {
  readonly heading: MarkdownHeading;
  readonly fences: MarkdownFence[];
  readonly texts: MarkdownBlock[];
}

type Value = FactValue<'runbook'>;

/** Whether the headings are those of a stage0 runbook: a script and two more of its sections. */
export function isStage0(blocks: readonly MarkdownBlock[]): boolean {
  const names = new Set(blocks.filter(isTopHeading).map(({ text }) => text.trim()));
  return names.has('Script') && SECTIONS.filter((name) => names.has(name)).length >= 3;
}

function isTopHeading(block: MarkdownBlock): block is MarkdownHeading {
  return block.kind === 'heading' && block.level === 1 && !block.nested;
}

/** States the facts of a stage0 runbook. */
export function readStage0(blocks: readonly MarkdownBlock[], context: ReadContext): void {
  const { document } = context;
  const sections = new Map<string, Section>();
  const value: Value = { ...emptyValue('runbook'), format: 'stage0', kind: 'runbook', name: stemOf(document.path) };
  const places: Record<string, SourceRange> = {};
  let current: Section | undefined;
  let title: MarkdownHeading | undefined;
  let last = '';
  for (const block of blocks) {
    if (isTopHeading(block)) {
      const name = block.text.trim();
      current = { heading: block, fences: [], texts: [] };
      last = name;
      if (!(SECTIONS as readonly string[]).includes(name)) {
        if (title === undefined && sections.size === 0) title = block;
      } else if (sections.has(name)) {
        places[`duplicates.${value.duplicates.length}`] = block.range;
        value.duplicates = [...value.duplicates, name];
        continue;
      } else {
        places[`sections.${value.sections.length}`] = block.range;
        value.sections = [...value.sections, name];
      }
      if (!sections.has(name)) sections.set(name, current);
    } else if (block.kind === 'fence') current?.fences.push(block);
    else current?.texts.push(block);
  }
  const whole = title?.range ?? sections.get('Script')?.heading.range ?? { start: 0, end: 0 };
  value.missing = NEEDED.filter((name) => !sections.has(name));
  value.titleMatches = title?.text.trim() === value.name;
  value.historyLast = last === 'History';
  value.description = title === undefined ? '' : (sections.get(title.text.trim())?.texts.find(({ kind }) => kind === 'text') as { text: string } | undefined)?.text ?? '';
  value.owner = ownerIn(blocks);
  value.reviewed = reviewedIn(blocks);
  value.rollback = rollbackIn(blocks);
  if (title !== undefined) places['name'] = title.range;
  readClaims(sections.get('Required Claims'), value, places, context);
  const script = sections.get('Script');
  const fence = script?.fences[0];
  value.scripts = fence?.language === 'sh' ? 1 : 0;
  value.ignoredScripts = (script?.fences.length ?? 0) - value.scripts;
  script?.fences.slice(value.scripts).forEach((ignored, index) => (places[`ignoredScripts${index === 0 ? '' : `.${index}`}`] = ignored.infoRange));
  if (script !== undefined) places['scripts'] = script.heading.range;
  const history = sections.get('History');
  if (history !== undefined) places['historyLast'] = history.heading.range;
  const runbook = state(context, 'runbook', value, whole, places);
  const parents: Parents = { runbook };
  const inputs = readEnvironment(sections.get('Environment Requirements'), runbook, places, context);
  readFiles(sections.get('File System Requirements'), value, places, context);
  if (fence !== undefined && fence.language === 'sh') readStep(fence, inputs, parents, context);
  for (const one of history?.fences ?? []) stateTokens(context, one.code, 'script', parents);
  for (const text of history?.texts ?? []) stateTokens(context, sliceText(document.text, text.range), 'script', parents);
}

/** The first `yaml` fence of a section. */
function yamlOf(section: Section | undefined, context: ReadContext): { fence?: MarkdownFence; root?: YamlNode; broken: boolean } {
  const fence = section?.fences.find(({ info }) => info === 'yaml');
  if (fence === undefined) return { broken: false };
  const { documents, problems } = parseYamlPart(context.document.text, fence.code.range);
  for (const one of problems) problem(context, one.code, one.message, one.range, 'warning');
  return { fence, ...(documents[0] !== undefined && { root: documents[0] }), broken: problems.length > 0 };
}

function readClaims(section: Section | undefined, value: Value, places: Record<string, SourceRange>, context: ReadContext): void {
  if (section === undefined) return;
  const names: string[] = [];
  const values: string[] = [];
  const { fence, root, broken } = yamlOf(section, context);
  let fault: Value['claims']['problem'] = '';
  places['claims'] = section.heading.range;
  if (fence === undefined) {
    fault = 'no-fence';
    if (section.fences[0] !== undefined) places['claims.problem'] = section.fences[0].infoRange;
  } else if (broken) fault = 'not-yaml';
  else if (root === undefined || (root.kind === 'scalar' && root.value === null) || (root.kind === 'mapping' && root.pairs.length === 0)) fault = 'empty';
  else if (root.kind !== 'mapping') {
    fault = 'not-a-map';
    places['claims.problem'] = root.range;
  }
  for (const { name, value: claim, key } of entriesOf(root)) {
    places[`claims.names.${names.length}`] = key.range;
    names.push(name);
    if (claim.kind === 'sequence') {
      fault = 'list-value';
      places['claims.problem'] = claim.range;
    }
    if (claim.kind !== 'scalar') continue;
    for (const part of claim.text.matchAll(/[^,]+/g)) {
      const text = part[0].trim();
      if (text === '') continue;
      const start = part.index + part[0].indexOf(text);
      places[`claims.values.${values.length}`] = claim.sourceRange({ start, end: start + text.length });
      values.push(text);
    }
  }
  value.claims = { declared: true, problem: fault, names, values };
}

function readEnvironment(section: Section | undefined, runbook: FactOf<'runbook'>, places: Record<string, SourceRange>, context: ReadContext): DeclaredInputs {
  const inputs = new DeclaredInputs();
  const { value } = runbook;
  const environment: Record<string, string> = {};
  for (const { name, key, value: said, pair } of entriesOf(yamlOf(section, context).root)) {
    if (name === '__proto__') continue;
    const description = said.kind === 'scalar' && said.value !== null ? said.text : '';
    environment[name] = description;
    places[`environment.${name}`] = contentOf(said);
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      places[`invalidNames.${value.invalidNames.length}`] = key.range;
      value.invalidNames = [...value.invalidNames, name];
    }
    if (isReserved(name)) {
      places[`reservedNames.${value.reservedNames.length}`] = key.range;
      value.reservedNames = [...value.reservedNames, name];
    }
    inputs.add(
      stateParameter(context, {
        value: { name, description, required: true, delivery: 'environment' },
        whole: key.range,
        places: { description: contentOf(said) },
        parents: { runbook },
        templates: [],
        variables: [name],
      }),
    );
    if (said.kind === 'scalar' && (isSecretName(name) || description.length >= 16)) stateDescription(name, description, pair.value, runbook, context);
  }
  value.environment = environment;
  return inputs;
}

/** The map is name and description: a value that no one would write as a description is a credential. */
function stateDescription(name: string, text: string, node: YamlNode, runbook: FactOf<'runbook'>, context: ReadContext): void {
  const looksRandom = text.length >= 12 && !/\s/.test(text) && /\d/.test(text) && /[A-Z]/.test(text) && /[a-z]/.test(text);
  if (looksRandom || !isSecretName(name)) stateLiteral(context, name, text, contentOf(node), 'env', { runbook });
}

function readFiles(section: Section | undefined, value: Value, places: Record<string, SourceRange>, context: ReadContext): void {
  const { root } = yamlOf(section, context);
  const files: string[] = [];
  const escaping: string[] = [];
  for (const { name, value: node } of entriesOf(root)) {
    if (name !== 'Input') continue;
    for (const file of scalarsOf(node)) {
      if (file.value === null) continue;
      places[`files.${files.length}`] = contentOf(file);
      if (escapes(file.text)) {
        places[`escapingFiles.${escaping.length}`] = contentOf(file);
        escaping.push(file.text);
      }
      files.push(file.text);
    }
  }
  value.files = files;
  value.escapingFiles = escaping;
}

function readStep(fence: MarkdownFence, inputs: DeclaredInputs, parents: Parents, context: ReadContext): void {
  const value: FactValue<'runbook-step'> = { ...emptyValue('runbook-step'), id: 'script', index: 0, module: 'script', run: fence.code.text, shell: 'zsh' };
  const places: Record<string, SourceRange> = { run: fence.code.range };
  const step = state(context, 'runbook-step', value, fence.infoRange, places, parents);
  // The executor writes the text to a file and runs it with zsh, whatever its first line says.
  const { undeclared } = readScript(context, { text: fence.code, shell: 'zsh', grammar: 'none', inputs, parents: { ...parents, 'runbook-step': step } });
  value.undeclared = undeclared.map(({ name }) => name);
  undeclared.forEach(({ range }, index) => (places[`undeclared.${index}`] = range));
}
