import type { Format } from '../core/index.js';

const HASH = ['#'] as const;
const SLASHES = ['//'] as const;
const MARKUP = ['<!--'] as const;

/** What starts a comment in files of a format; formats whose comments are all `#` are not listed, JSON has none. */
const BY_FORMAT: Readonly<Partial<Record<Format, readonly string[]>>> = {
  javascript: SLASHES, typescript: SLASHES, go: SLASHES, java: SLASHES, csharp: SLASHES, 'go-module': SLASHES,
  php: ['#', '//'], terraform: ['#', '//'],
  // The code blocks of a runbook are shell.
  'markdown-runbook': ['<!--', '#'],
  'npm-manifest': [], 'npm-lock': [], 'n8n-workflow': [], notebook: [],
};

const BY_EXTENSION: Readonly<Record<string, readonly string[]>> = {
  js: SLASHES, mjs: SLASHES, cjs: SLASHES, jsx: SLASHES, ts: SLASHES, mts: SLASHES, cts: SLASHES, tsx: SLASHES, go: SLASHES,
  java: SLASHES, kt: SLASHES, scala: SLASHES, cs: SLASHES, c: SLASHES, h: SLASHES, cpp: SLASHES, cc: SLASHES, rs: SLASHES, swift: SLASHES,
  groovy: SLASHES, jsonc: SLASHES, json5: SLASHES, tf: ['#', '//'], php: ['#', '//'],
  md: MARKUP, markdown: MARKUP, html: MARKUP, htm: MARKUP, xml: MARKUP, svg: MARKUP, vue: ['<!--', '//'],
  sql: ['--'], lua: ['--'], hs: ['--'], json: [], ipynb: [],
};

/** What starts a comment in a file; `#` where nothing else is known. */
export function commentMarkers(path: string, format: Format | undefined): readonly string[] {
  const known = format === undefined ? undefined : BY_FORMAT[format];
  if (known !== undefined) return known;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const extension = name.slice(name.lastIndexOf('.') + 1).toLowerCase();
  // A lock file or a template may be JSON, whatever its format is called.
  return Object.hasOwn(BY_EXTENSION, extension) ? (BY_EXTENSION[extension] as readonly string[]) : HASH;
}
