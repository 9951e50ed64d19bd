import type { Document } from '../../core/index.js';
import type { ShellParser } from '../../syntax/shell/index.js';
import type { AnyFact } from '../schema.js';
import { shellFacts } from './facts.js';
import { markUnasked } from './unasked.js';

/** States the facts of a script file. Its name or first line says which shell runs it. */
export function readShell(document: Document, parser: ShellParser): AnyFact[] {
  const powershell = /\.ps[m]?1$/i.test(document.path);
  const named = /\.(bash|zsh|ksh|dash)$/i.exec(document.path)?.[1]?.toLowerCase();
  const first = document.text.startsWith('#!') || document.text.startsWith('\uFEFF#!');
  const facts = shellFacts({
    document,
    text: document.text,
    sourceRange: (range) => range,
    shell: powershell ? 'pwsh' : first ? '' : (named ?? ''),
    parser,
  });
  markUnasked(facts);
  return facts;
}
