import type { SourceRange } from '../../core/index.js';
import { splitArguments, type TreeNode } from '../shell/index.js';
import type { PowershellCode, PowershellCommand, PowershellParameter, PowershellScript, PowershellWord } from './types.js';

export type * from './types.js';

/** Short names of cmdlets. https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_aliases */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['iex', 'invoke-expression'], ['iwr', 'invoke-webrequest'], ['irm', 'invoke-restmethod'], ['icm', 'invoke-command'], ['saps', 'start-process'], ['start', 'start-process'],
  ['ri', 'remove-item'], ['rm', 'remove-item'], ['del', 'remove-item'], ['erase', 'remove-item'], ['rd', 'remove-item'], ['sc', 'set-content'], ['gc', 'get-content'], ['spps', 'stop-process'], ['kill', 'stop-process'],
]);
const MAX_COMMANDS = 100_000;
const DOWNLOADS = /\.Download(?:String|File|Data)\s*\(/i;

/** Reads what policies need out of the tree of a script. One pass, no recursion over depth that a text can choose. */
export function readPowershell(root: TreeNode, text: string): PowershellScript {
  const parameters: PowershellParameter[] = [];
  const code: PowershellCode[] = [];
  const commands: PowershellCommand[] = [];
  let hasError = root.type === 'ERROR';
  const stack: TreeNode[] = [root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.missing || node.type === 'ERROR') hasError = true;
    if (node.type === 'param_block' && parameters.length === 0) for (const one of descendants(node, 'script_parameter')) parameters.push(parameterOf(one, text));
    if (node.type === 'pipeline_chain') stages(node, text, commands);
    if (node.type === 'invokation_expression' && /^\[scriptblock\]::create\b/i.test(text.slice(node.start, node.start + 40))) code.push({ range: node, variables: variablesIn(node, text).map(({ name }) => name) });
    for (let i = node.children.length - 1; i >= 0; i--) stack.push(node.children[i] as TreeNode);
  }
  commands.sort((a, b) => a.range.start - b.range.start);
  return { commands, parameters, code, hasError };
}

function stages(chain: TreeNode, text: string, commands: PowershellCommand[]): void {
  const parts = chain.children.filter(({ named }) => named);
  const names = parts.map((part) => (part.type === 'command' ? nameOf(part, text).name : DOWNLOADS.test(text.slice(part.start, part.end)) ? 'downloadstring' : ''));
  parts.forEach((part, index) => {
    if (part.type !== 'command' || commands.length >= MAX_COMMANDS) return;
    commands.push(commandOf(part, text, names.slice(0, index).reverse(), names.slice(index + 1)));
  });
}

function nameOf(command: TreeNode, text: string): { name: string; path: string; range: SourceRange; variables: { name: string; range: SourceRange }[] } {
  const node = command.children.find(({ type }) => type === 'command_name' || type === 'command_name_expr');
  if (node === undefined) return { name: '', path: '', range: command, variables: [] };
  const path = text.slice(node.start, node.end);
  const variables = node.type === 'command_name_expr' ? variablesIn(node, text) : [];
  if (variables.length > 0) return { name: '', path, range: node, variables };
  const bare = path.replace(/^["']|["']$/g, '').replace(/^.*[\\/]/, '').replace(/\.(?:exe|cmd|bat)$/i, '');
  const lower = bare.toLowerCase();
  return { name: ALIASES.get(lower) ?? lower, path, range: node, variables };
}

function commandOf(command: TreeNode, text: string, pipedFrom: readonly string[], pipedTo: readonly string[]): PowershellCommand {
  const { name, path, range: nameRange, variables } = nameOf(command, text);
  const elements = command.children.find(({ type }) => type === 'command_elements');
  const words: PowershellWord[] = [];
  for (const element of elements?.children ?? []) {
    if (!element.named || element.type === 'command_argument_sep' || element.type === 'redirection') continue;
    words.push(wordOf(element, text));
  }
  const values = words.map(({ value }) => value);
  const cmdlet = name.includes('-') && !/^(?:docker|apt|yum|pip)-/.test(name);
  const { flags, operands } = cmdlet ? cmdletArguments(values) : splitArguments(name, values);
  const inside = elements === undefined ? '' : text.slice(elements.start, elements.end);
  const substituted = elements === undefined ? [] : [...new Set([...descendants(elements, 'command').map((one) => nameOf(one, text).name), ...(DOWNLOADS.test(inside) ? ['downloadstring'] : [])])];
  return { range: trimmed(command, text), nameRange, name, path, nameVariables: variables, words, flags, operands, pipedFrom: pipedFrom.filter((one) => one !== ''), pipedTo: pipedTo.filter((one) => one !== ''), substituted };
}

/** Parameters of cmdlets have one dash and any case; what follows one may be its value and is no operand. */
function cmdletArguments(values: readonly string[]): { flags: string[]; operands: string[] } {
  const flags: string[] = [];
  const operands: string[] = [];
  values.forEach((value, index) => {
    if (/^-[A-Za-z]/.test(value)) flags.push(value.toLowerCase().replace(/:.*$/, ''));
    else if (!/^-[A-Za-z]/.test(values[index - 1] ?? '')) operands.push(value);
  });
  return { flags, operands };
}

function wordOf(node: TreeNode, text: string): PowershellWord {
  const range = trimmed(node, text);
  const written = text.slice(range.start, range.end);
  const quoted = /^"[^"]*"$/.test(written) ? 'double' : /^'[^']*'$/.test(written) ? 'single' : /["']/.test(written) ? 'mixed' : '';
  return { range, text: written, value: quoted === 'double' || quoted === 'single' ? written.slice(1, -1) : written, quoted, variables: variablesIn(node, text).map(({ name }) => name) };
}

function parameterOf(node: TreeNode, text: string): PowershellParameter {
  const variable = node.children.find(({ type }) => type === 'variable') ?? node;
  const attributes = node.children.find(({ type }) => type === 'attribute_list');
  const written = attributes === undefined ? '' : text.slice(attributes.start, attributes.end);
  const types = attributes === undefined ? [] : descendants(attributes, 'type_literal').map((one) => text.slice(one.start + 1, one.end - 1));
  const type = types.at(-1) ?? '';
  const holder = node.children.find((child) => child.type === 'script_parameter_default');
  const value = holder?.children.find(({ named }) => named);
  return {
    name: text.slice(variable.start, variable.end).replace(/^\$/, '').replace(/^\{|\}$/g, ''),
    range: variable,
    type,
    mandatory: /\bMandatory(?!\s*=\s*\$false)/i.test(written),
    restricted: /^(?:int(?:16|32|64)?|long|uint\w*|byte|bool(?:ean)?|switch|double|float|decimal|guid|datetime|timespan|ipaddress|System\.(?:Int\d+|Boolean|Guid|DateTime))$/i.test(type) || /\bValidateSet\b/i.test(written) || /\bValidatePattern\s*\(\s*['"]\^\[?[\w\\\-\][{}+*,. ]*\$['"]/i.test(written),
    ...(value !== undefined && { default: { text: text.slice(value.start, value.end), range: value } }),
  };
}

const SCOPES = /^(?:script|global|local|private|using):/i;
const CONSTANTS = new Set(['true', 'false', 'null', '_', 'psitem', 'psscriptroot', 'args', 'input']);

function variablesIn(node: TreeNode, text: string): { name: string; range: SourceRange }[] {
  const found: { name: string; range: SourceRange }[] = [];
  for (const one of descendants(node, 'variable')) {
    const name = text.slice(one.start, one.end).trim().replace(/^[$@]\{?|\}$/g, '').replace(SCOPES, '').toLowerCase();
    if (!CONSTANTS.has(name)) found.push({ name, range: trimmed(one, text) });
  }
  return found;
}

/** Nodes of a type below a node, not those inside one that was found. */
function descendants(node: TreeNode, type: string): TreeNode[] {
  const found: TreeNode[] = [];
  const stack = [...node.children].reverse();
  for (let one = stack.pop(); one !== undefined; one = stack.pop()) {
    if (one.type === type) found.push(one);
    else for (let i = one.children.length - 1; i >= 0; i--) stack.push(one.children[i] as TreeNode);
  }
  return found;
}

function trimmed({ start, end }: SourceRange, text: string): SourceRange {
  let from = start;
  let to = end;
  while (from < to && text.charCodeAt(from) <= 32) from++;
  while (to > from && text.charCodeAt(to - 1) <= 32) to--;
  return { start: from, end: to };
}
