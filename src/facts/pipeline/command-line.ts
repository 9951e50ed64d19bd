import { joinTexts, type LocatedText } from '../../syntax/located-text.js';
import type { ShellOptions } from '../../syntax/shell/index.js';
import { languageOf } from '../shell/index.js';
import type { ScriptSource } from './source.js';

const PLAIN = /^[A-Za-z0-9_@%+=:,./{}[\]^~-]+$/;

/**
 * What a list of words runs, as containers take them: the script of `sh -c script`, or a program with its
 * arguments, which no shell reads. Undefined without words.
 */
export function commandLine(words: readonly LocatedText[]): ScriptSource | undefined {
  const [program] = words;
  if (program === undefined) return undefined;
  const shell = baseName(program.text);
  const language = languageOf(shell);
  const at = language === 'shell' || language === 'powershell' ? codeOption(words, language) : -1;
  const code = at === -1 ? undefined : words[at + 1];
  if (shell !== '' && code !== undefined) return { text: code, shell, initial: optionsOf(words.slice(1, at + 1)) };
  return { text: joinTexts(words.map(quoted), ' '), shell: 'sh', withoutShell: true };
}

function baseName(path: string): string {
  return path.trim().replace(/^.*[\\/]/, '').toLowerCase();
}

/** Index of the option behind which the script stands; -1 where there is none. */
function codeOption(words: readonly LocatedText[], language: string): number {
  for (let i = 1; i < words.length; i++) {
    const { text } = words[i] as LocatedText;
    if (!/^[-+]/.test(text)) return -1;
    if (language === 'powershell' ? /^-c(?:ommand)?$/i.test(text) : /^-[a-z]*c[a-z]*$/.test(text)) return i;
    // `-o pipefail`
    if (/^-[a-z]*o$/.test(text)) i++;
  }
  return -1;
}

function optionsOf(words: readonly LocatedText[]): Partial<ShellOptions> {
  const letters = words.filter(({ text }) => /^-[a-z]+$/.test(text)).map(({ text }) => text).join('');
  return { errexit: letters.includes('e'), nounset: letters.includes('u'), xtrace: letters.includes('x'), pipefail: words.some(({ text }) => text === 'pipefail') };
}

/** A word as a shell would have to be given it: in single quotes where it is not plain. Each place stays that of the word. */
function quoted(word: LocatedText): LocatedText {
  if (PLAIN.test(word.text)) return word;
  let text = "'";
  const places = [0];
  for (let i = 0; i < word.text.length; i++) {
    const character = word.text.charAt(i);
    const written = character === "'" ? "'\\''" : character;
    text += written;
    for (let k = 0; k < written.length; k++) places.push(i);
  }
  text += "'";
  places.push(Math.max(0, word.text.length - 1));
  const place = (offset: number): number => places[Math.max(0, Math.min(offset, places.length - 1))] as number;
  return {
    text,
    range: word.range,
    sourceRange: ({ start, end }) => {
      const from = place(start);
      return word.sourceRange({ start: from, end: end <= start ? from : Math.min(word.text.length, place(end - 1) + 1) });
    },
  };
}
