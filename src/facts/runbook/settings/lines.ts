import type { SourceRange } from '../../../core/index.js';

/** One `name value` of a line-based file of settings. */
export interface SettingLine {
  readonly name: string;
  readonly nameRange: SourceRange;
  readonly value: string;
  readonly valueRange: SourceRange;
  /** The section that it stands in: `[defaults]`, `Host *`. */
  readonly scope: string;
}

/** Longer files and more lines than these are no settings that people write. */
const MAX_LINES = 20_000;

/** Lines of a text without their ends, and where they start. */
export function* linesOf(text: string): Generator<{ readonly line: string; readonly start: number }> {
  const ends = /\r\n|\n|\r/g;
  let start = 0;
  for (let count = 0; count < MAX_LINES; count++) {
    const match = ends.exec(text);
    yield { line: text.slice(start, match?.index ?? text.length), start };
    if (match === null) return;
    start = match.index + match[0].length;
  }
}

const PAIR = /^(\s{0,50}(?:export[ \t]{1,10})?)([A-Za-z_][\w.-]{0,200})([ \t]{0,50}[=:][ \t]{0,50})(.*)$/;
const SECTION = /^\s{0,50}\[([^\]]{1,200})\]/;

/** `name = value` under `[section]`: ansible.cfg, and environment files, whose values may be quoted. */
export function* pairsOf(text: string, separator: 'ini' | 'env'): Generator<SettingLine> {
  let scope = '';
  for (const { line, start } of linesOf(text)) {
    if (/^\s*[#;]/.test(line)) continue;
    const section = separator === 'ini' ? SECTION.exec(line) : null;
    if (section !== null) {
      scope = section[1] as string;
      continue;
    }
    const match = PAIR.exec(line);
    if (match === null || (separator === 'env' && (match[3] as string).trim() !== '=')) continue;
    const nameStart = start + (match[1] as string).length;
    const valueStart = nameStart + (match[2] as string).length + (match[3] as string).length;
    const { value, offset } = unquoted(match[4] as string, separator);
    yield {
      name: match[2] as string,
      nameRange: { start: nameStart, end: nameStart + (match[2] as string).length },
      value,
      valueRange: { start: valueStart + offset, end: valueStart + offset + value.length },
      scope,
    };
  }
}

function unquoted(written: string, separator: 'ini' | 'env'): { value: string; offset: number } {
  const quote = written[0];
  if (separator === 'env' && (quote === '"' || quote === "'")) {
    const end = written.indexOf(quote, 1);
    if (end !== -1) return { value: written.slice(1, end), offset: 1 };
  }
  const comment = separator === 'env' ? /[ \t]+#.*$/.exec(written) : /[ \t]+[;#].*$/.exec(written);
  return { value: (comment === null ? written : written.slice(0, comment.index)).trimEnd(), offset: 0 };
}

const KEYWORD = /^(\s{0,50})([A-Za-z]\w{0,60})([ \t]{1,20}|[ \t]{0,20}=[ \t]{0,20})(\S.*)$/;

/** `Keyword value` under `Host` or `Match`, as OpenSSH reads it. https://man.openbsd.org/ssh_config */
export function* keywordsOf(text: string): Generator<SettingLine> {
  let scope = '';
  for (const { line, start } of linesOf(text)) {
    const match = /^\s*#/.test(line) ? null : KEYWORD.exec(line);
    if (match === null) continue;
    const name = match[2] as string;
    const value = (match[4] as string).replace(/[ \t]+#.*$/, '').trimEnd();
    if (/^(?:host|match)$/i.test(name)) scope = `${name} ${value}`;
    const nameStart = start + (match[1] as string).length;
    const valueStart = nameStart + name.length + (match[3] as string).length;
    yield { name, nameRange: { start: nameStart, end: nameStart + name.length }, value, valueRange: { start: valueStart, end: valueStart + value.length }, scope };
  }
}
