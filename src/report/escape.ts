/**
 * Characters that a terminal obeys or that hide or reorder text: control characters except tab and line feed,
 * bidirectional controls, invisible ones, separators, tags and unpaired surrogates.
 */
const INVISIBLE =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{1bca0}-\u{1bca3}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]|\p{Surrogate}/gu;

/** Text in which every invisible or controlling character is written as `\u{…}`; tabs and line feeds stay. CR LF becomes LF. */
export function visible(text: string): string {
  return text
    .replaceAll('\r\n', '\n')
    .replace(INVISIBLE, (character) => `\\u{${(character.codePointAt(0) as number).toString(16)}}`);
}

/** {@link visible} text on one line: white space collapsed, at most `max` UTF-16 code units with `…` at the end. */
export function oneLine(text: string, max = 500): string {
  const line = visible(text.slice(0, max * 4)).replace(/\s+/g, ' ').trim();
  return line.length > max ? `${line.slice(0, max - 1).replace(/\p{Surrogate}$/u, '')}…` : line;
}

/** HTML text or attribute value in quotes. */
export function escapeHtml(text: string): string {
  return visible(text).replace(/[&<>"'`=]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/**
 * One line of text in Markdown as GitHub renders it, also in a table cell: no markup, no HTML, no automatic link,
 * no mention (`@name` would notify) and no reference (`#1` would leave a trace in that issue).
 */
export function markdownText(text: string, max = 500): string {
  const line = inlineText(oneLine(text, max));
  return line.replace(/^(?:[-+#=:]|\d+(?=[.)](?:\s|$)))/, (start) => (/^\d/.test(start) ? `${start}${JOINER}` : `\\${start}`));
}

/** As {@link markdownText}, but parts between pairs of backticks become inline code. */
export function markdownProse(text: string, max = 500): string {
  const parts = oneLine(text, max).split('`');
  if (parts.length % 2 === 0 || parts.length === 1) return markdownText(text, max);
  return parts
    .map((part, index) => {
      if (index % 2 === 0) return index === 0 && part !== '' ? markdownText(`${part}.`).slice(0, -1) : inlineText(part);
      return part.trim() === '' ? '\\`\\`' : markdownCode(part);
    })
    .join('');
}

/** Invisible and without effect on line breaking; keeps a sign from its number or name, so GitHub sees no reference. */
const JOINER = '\u2060';

function inlineText(line: string): string {
  return line
    .replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/[\\`*_[\]|~$]/g, '\\$&')
    .replaceAll('://', '&#58;//')
    .replace(/www\./gi, (found) => `${found.slice(0, 3)}&#46;`)
    .replace(REFERENCE, `$&${JOINER}`);
}

const REFERENCE = /@|#(?!\d+;)|gh-(?=\d)/gi;

/** One line of text in HTML inside Markdown, where only HTML is read. */
export function htmlLine(text: string, max = 500): string {
  return escapeHtml(oneLine(text, max)).replaceAll('://', '&#58;//').replace(REFERENCE, `$&${JOINER}`);
}

/** One line of text as inline code in Markdown, also in a table cell; readable in the source where it can be. */
export function markdownCode(text: string, max = 300): string {
  const line = oneLine(text, max);
  if (line === '') return '` `';
  if (!/[`|\\]/.test(line)) return `\`${line}\``;
  const encoded = line.replace(/[^A-Za-z0-9 /.,\u0080-\u{10ffff}-]/gu, (character) => `&#${character.charCodeAt(0)};`);
  return `<code>${encoded.replace(/www\./gi, (found) => `${found.slice(0, 3)}&#46;`)}</code>`;
}

/** Lines as a fenced code block in Markdown that they can't leave. `language` is ours, never from outside. */
export function markdownBlock(lines: readonly string[], language: string): string {
  const body = lines.map((line) => visible(line).replaceAll('\n', ' ')).join('\n');
  const longest = (body.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 2);
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${body}\n${fence}`;
}

/**
 * A line for a log that the Actions runner (or Azure Pipelines, TeamCity) reads for commands: they start with `::`
 * after white space (and colour, for readers that drop it), or with `##[`, `##vso[` or `##teamcity[` anywhere.
 */
export function logLine(line: string): string {
  return line.replace(/^((?:\s|\u001b\[[\d;]{0,9}m)*):(?=:)/, '$1: ').replace(/##(?=\w*\[)/g, '## ');
}
