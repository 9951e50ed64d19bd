import fc from 'fast-check';
import { micromark } from 'micromark';
import { gfm, gfmHtml } from 'micromark-extension-gfm';
import { describe, expect, it } from 'vitest';
import { escapeHtml, htmlLine, logLine, markdownBlock, markdownCode, markdownProse, markdownText, oneLine, visible } from '../../src/report/escape.js';
import { workflowCommand } from '../../src/report/workflow-command.js';
import { hostileText } from '../support/arbitrary-report.js';

/** HTML as GitHub would make it before it sanitises. */
const html = (markdown: string): string =>
  micromark(markdown, { allowDangerousHtml: true, allowDangerousProtocol: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] });
const tags = (text: string): string[] => (html(text).match(/<\/?[a-z][^>]*>/gi) ?? []).map((tag) => tag.toLowerCase());
const texts = (text: string): string => html(text).replace(/<[^>]*>/g, '');
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]/;

describe('visible', () => {
  it('writes out what a terminal obeys or a reader does not see', () => {
    expect(visible('a\u001b[31mb\u202ec\r\nd\te')).toBe('a\\u{1b}[31mb\\u{202e}c\nd\te');
    fc.assert(fc.property(hostileText, (text) => !CONTROL.test(visible(text)) && !/\p{Surrogate}/u.test(visible(text))));
  });

  it('gives one bounded line', () => {
    fc.assert(
      fc.property(hostileText, fc.integer({ min: 5, max: 50 }), (text, max) => {
        const line = oneLine(text, max);
        expect(line).not.toMatch(/[\n\r\t]/);
        expect(line.length).toBeLessThanOrEqual(max);
      }),
    );
  });
});

describe('Markdown', () => {
  it('keeps ordinary text readable in the source', () => {
    expect(markdownText('No findings (fail-on: high); see a-b/c.yml:3')).toBe('No findings (fail-on: high); see a-b/c.yml:3');
    expect(markdownCode('.github/workflows/a_b.yml:3')).toBe('`.github/workflows/a_b.yml:3`');
    expect(markdownProse('Use `a_b`, not *c*')).toBe('Use `a_b`, not \\*c\\*');
  });

  it.each([
    ['text', markdownText],
    ['prose', markdownProse],
    ['code', markdownCode],
  ] as const)('%s forges nothing in a paragraph, an item, a heading or a table cell', (kind, escape) => {
    const allowed = kind === 'text' ? /^$/ : /^<\/?code>$/;
    const foreign = (markdown: string, ours: RegExp): string[] => tags(markdown).filter((tag) => !ours.test(tag) && !allowed.test(tag));
    fc.assert(
      fc.property(hostileText, (text) => {
        const safe = escape(text);
        expect(foreign(safe, /^<\/?p>$/)).toEqual([]);
        expect(foreign(`### x · ${safe}`, /^<\/?h3>$/)).toEqual([]);
        expect(foreign(`- ${safe}\n- y`, /^<\/?(ul|li)>$/)).toEqual([]);
        const table = tags(`| a | b |\n|---|---|\n| ${safe} | x |`);
        expect(table.filter((tag) => tag === '<td>')).toHaveLength(2);
        expect(table.filter((tag) => !/^<\/?(table|thead|tbody|tr|th|td)>$/.test(tag) && !allowed.test(tag))).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('mentions nobody and refers to no issue', () => {
    for (const escape of [markdownText, markdownProse, htmlLine]) {
      expect(texts(escape('see @someone, #12, o/r#3 and GH-4'))).not.toMatch(/@\w|#\d|GH-\d/);
    }
  });

  it('shows the text itself', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[!-~]([ -~]{0,30}[!-~])?$/), (text) => {
        const shown = texts(`x ${markdownText(text)}`).replaceAll('\u2060', '').slice(2);
        const decoded = shown.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');
        expect(decoded).toBe(oneLine(text));
      }),
    );
  });

  it('code can not leave its block', () => {
    fc.assert(
      fc.property(fc.array(hostileText, { maxLength: 5 }), (lines) => {
        const found = tags(`${markdownBlock(lines, 'text')}\n\nafter`);
        expect(found).toEqual(['<pre>', '<code class="language-text">', '</code>', '</pre>', '<p>', '</p>']);
      }),
    );
  });
});

describe('HTML', () => {
  it('can not be left, in text or in an attribute', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        expect(escapeHtml(text)).not.toMatch(/[<>"'`]/);
        expect(htmlLine(text)).not.toMatch(/[<>"'`\n]/);
      }),
    );
  });
});

describe('logs', () => {
  it('no line is a command', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const line = logLine(oneLine(text));
        expect(line.trimStart().startsWith('::')).toBe(false);
        expect(line).not.toMatch(/##\w*\[/);
      }),
    );
    expect(logLine('  ::set-env name=a::b ##[group]x ###vso[y]')).toBe('  : :set-env name=a::b ## [group]x ### vso[y]');
  });

  it('a workflow command is one line, and its text and properties stay apart', () => {
    expect(workflowCommand('error', { file: 'a,b:c%.yml', line: 3 }, 'x\ny::z')).toBe('::error file=a%2Cb%3Ac%25.yml,line=3::x%0Ay::z');
    fc.assert(
      fc.property(hostileText, hostileText, (file, message) => {
        const command = workflowCommand('warning', { file, line: 1 }, message);
        expect(command).not.toMatch(/[\r\n]/);
        // As the runner reads it: properties up to the next `::`, pairs by comma.
        const [, properties, data] = /^::warning ([^]*?)::([^]*)$/.exec(command) ?? [];
        expect(properties?.split(',')).toHaveLength(2);
        const unescape = (text = ''): string => text.replaceAll('%2C', ',').replaceAll('%3A', ':').replaceAll('%0A', '\n').replaceAll('%0D', '\r').replaceAll('%25', '%');
        expect(unescape(properties?.split(',')[0]).slice(5)).toBe(visible(file));
        expect((data ?? '').replaceAll('%0A', '\n').replaceAll('%0D', '\r').replaceAll('%25', '%')).toBe(visible(message));
      }),
    );
  });
});
