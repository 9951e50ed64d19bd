import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SEVERITIES, type Report } from '../../src/core/index.js';
import { renderHtml } from '../../src/report/html/index.js';
import { completed, failed, finding, report, rule, skipped } from '../support/report.js';

const executable = ['/usr/bin/chromium', '/usr/bin/google-chrome', '/usr/bin/chromium-browser'].find((path) => existsSync(path));
if (executable === undefined) console.log('skip: tests of the HTML report in a browser: there is no Chromium in /usr/bin');

const EVIL = '</script><img src=x onerror="window.pwned=1"><script>window.pwned=1</script>';

/** A report as of a large repository, with text that tries to run script. */
function large(count: number): Report {
  const rules = ['pipeline/a', 'shell/b', EVIL].map((id, index) => rule({ id, title: `Title of ${id}`, tags: [`CWE-${index + 1}`], repair: 'Do this.', helpUri: 'https://example.com/' }));
  const findings = Array.from({ length: count }, (_, index) =>
    finding({
      severity: SEVERITIES[index % 5] ?? 'note',
      ruleId: rules[index % 3]?.id ?? '',
      path: index % 7 === 0 ? EVIL : `folder/file${index}.yml`,
      line: 2,
      length: 6,
      message: index % 11 === 0 ? EVIL : `Message ${index}`,
      reasons: ['anyone can fire it'],
    }),
  );
  const files = Object.fromEntries(findings.slice(0, 500).map(({ locations: [{ path }] }) => [path, 'first line\nsecond line\nthird line\n']));
  return report([completed('policies', findings, rules), skipped('bandit', 'no Python files'), failed('trivy', 'database is 19 days old (limit 7)')], { files });
}

describe.skipIf(executable === undefined)('the HTML report in a browser', () => {
  let browser: Browser;
  let page: Page;
  const folder = mkdtempSync(join(tmpdir(), 'bartizan-html-'));
  const said: string[] = [];
  const requested: string[] = [];

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executable ?? '', args: ['--no-sandbox', '--disable-gpu'] });
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    said.length = 0;
    requested.length = 0;
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    page.on('console', (message) => said.push(message.text()));
    page.on('pageerror', (error) => said.push(error.message));
    page.on('request', (request) => requested.push(request.url()));
  });
  afterEach(() => page.close());

  async function open(given: Report): Promise<void> {
    const path = join(folder, 'report.html');
    writeFileSync(path, renderHtml(given));
    await page.goto(pathToFileURL(path).href);
  }

  const visible = (): Promise<number> => page.locator('#findings tbody tr:not([hidden], .more)').count();

  test('filters 20,000 findings, loads nothing and runs nothing that a finding says', async () => {
    await open(large(20_000));
    const shown = page.locator('#shown');
    expect(await shown.textContent()).toBe('20,000 of 20,000 findings, the first 500 shown');
    expect(await visible()).toBe(500);
    await page.getByLabel('Severity').selectOption('critical');
    await expect.poll(() => shown.textContent()).toBe('4,000 of 20,000 findings, the first 500 shown');
    await page.getByRole('button', { name: 'Show more' }).click();
    expect(await visible()).toBe(1000);
    await page.getByLabel('Path contains').fill('FILE10.yml');
    await expect.poll(visible).toBe(1);
    await page.getByRole('button', { name: 'Show all' }).click();
    await expect.poll(visible).toBe(500);
    await page.getByLabel('Rule contains').fill('shell/');
    await expect.poll(() => shown.textContent()).toBe('6,667 of 20,000 findings, the first 500 shown');
    expect(requested).toHaveLength(1);
    expect(said).toEqual([]);
    expect(await page.evaluate(() => (globalThis as { pwned?: number }).pwned)).toBeUndefined();
  }, 300_000);

  test('is used with the keyboard alone', async () => {
    await open(large(50));
    await page.getByLabel('Severity').focus();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await page.keyboard.type('file1');
    await expect.poll(visible).toBeLessThan(50);
    const summary = page.locator('#findings tbody tr:not([hidden]) summary').first();
    await summary.focus();
    const open_ = await page.locator('#findings tbody tr:not([hidden]) details').first().evaluate((element) => element.hasAttribute('open'));
    await page.keyboard.press('Enter');
    expect(await page.locator('#findings tbody tr:not([hidden]) details').first().evaluate((element) => element.hasAttribute('open'))).toBe(!open_);
  });

  test.each(['light', 'dark'] as const)('has no fault that axe finds, in the %s scheme', async (colorScheme) => {
    await page.emulateMedia({ colorScheme });
    await open(large(60));
    await page.evaluate(readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
    const faults = await page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string; failureSummary: string }[] }[] }> } };
      return (await axe.run()).violations.map(({ id, nodes }) => ({ id, nodes: nodes.slice(0, 3).map(({ html, failureSummary }) => `${html}\n${failureSummary}`) }));
    });
    expect(faults).toEqual([]);
  });

  test('prints findings and scanners without the filters', async () => {
    await open(large(60));
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('#filters').isVisible()).toBe(false);
    expect(await page.locator('#findings tbody tr').first().isVisible()).toBe(true);
    expect(await page.getByText('database is 19 days old').first().isVisible()).toBe(true);
  });

  test('shows everything but the filters without script', async () => {
    const plain = await browser.newContext({ javaScriptEnabled: false });
    page = await plain.newPage();
    await open(large(600));
    expect(await page.locator('#filters').isVisible()).toBe(false);
    expect(await page.locator('#findings tbody tr').last().isVisible()).toBe(true);
    await plain.close();
  });
});
