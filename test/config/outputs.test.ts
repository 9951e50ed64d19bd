import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { CONFIG_KEYS, createJsonSchema, INPUTS, type Known, loadSettings, renderConfigTemplate, renderWorkflowTemplate } from '../../src/config/index.js';
import { parseYaml } from '../../src/syntax/yaml.js';
import { at, toPlain } from '../../src/syntax/yaml-query.js';

const known: Known = {
  policies: [
    { id: 'pipeline/unpinned-reference', title: 'Reference can move', aliases: [], options: { 'trusted-owners': { type: 'strings', description: 'owners' } } },
    { id: 'shell/pipe-to-shell', aliases: [], options: {} },
  ],
  scanners: ['hadolint', 'bandit', 'trivy'],
};

const plain = (text: string): unknown => {
  const { documents, problems } = parseYaml(text);
  expect(problems).toEqual([]);
  const [root] = documents;
  return root === undefined ? undefined : toPlain(root);
};

/** Takes the `#` from settings and leaves explanations. */
const uncommented = (text: string): string => text.replace(/^#(?! \S)/gm, '');

describe('the template of the configuration', () => {
  const template = renderConfigTemplate();

  test('loads as it is, to the defaults', () => {
    expect(loadSettings({ file: { path: '.bartizan.yml', text: template }, known }).settings).toEqual(loadSettings({ known }).settings);
  });

  test('loads with every setting taken out of its comment, and has every key', () => {
    const text = uncommented(template);
    const { settings } = loadSettings({ file: { path: '.bartizan.yml', text }, known });
    expect(settings).toMatchObject({
      confidence: 'low',
      external: false,
      policies: { 'pipeline/unpinned-reference': { severity: 'medium', options: { 'trusted-owners': ['my-organisation'] } } },
      scanners: { bandit: { enabled: false }, hadolint: { skip: ['DL3008'] } },
    });
    expect(Object.keys(plain(text) as object)).toEqual(CONFIG_KEYS);
  });
});

describe('the template of the workflow', () => {
  const template = renderWorkflowTemplate();

  test('is YAML with least permissions, a time limit and no credentials left behind', () => {
    const [root] = parseYaml(template).documents;
    expect(parseYaml(template).problems).toEqual([]);
    const value = (...path: (string | number)[]): unknown => {
      const node = at(root, path);
      return node === undefined ? undefined : toPlain(node);
    };
    expect(value('permissions')).toEqual({});
    expect(value('jobs', 'scan', 'permissions')).toEqual({ contents: 'read', 'security-events': 'write' });
    expect(value('jobs', 'scan', 'timeout-minutes')).toBe(15);
    expect(value('jobs', 'scan', 'steps', 0, 'with', 'persist-credentials')).toBe(false);
  });

  test('refers to nothing but by digest', () => {
    for (const [, reference] of template.matchAll(/uses: (\S+)/g)) expect(reference).toMatch(/@<digest>$/);
  });
});

describe('the JSON Schema', () => {
  const schema = createJsonSchema(known);
  const validate = new Ajv({ strict: false }).compile(schema);

  test.each([renderConfigTemplate(), uncommented(renderConfigTemplate()), 'policies: {own/policy: {x: 1}, shell/*: off}', 'fail-on: never'])('accepts %j', (text) => {
    expect(validate(plain(text))).toBe(true);
  });

  test.each(['fail-onn: high', 'fail-on: hihg', 'policies: {shell/pipe-to-shell: {x: 1}}', 'scanners: {bandid: off}', 'skip: bandit', 'policies: {pipeline/unpinned-reference: {trusted-owners: me}}'])('refuses %j', (text) => {
    expect(validate(plain(text))).toBe(false);
  });

  test('describes every key', () => {
    const properties = schema['properties'] as Record<string, { description?: string }>;
    for (const key of CONFIG_KEYS) expect(properties[key]?.description).toBeTruthy();
    expect(JSON.stringify(schema)).toContain('Reference can move');
  });
});

describe('the table of inputs', () => {
  test('has a sentence, a flag and an existing key for each', () => {
    for (const input of INPUTS) {
      expect(input.description).toMatch(/^\S.*\.$/);
      expect(input.description).not.toContain('Default');
      expect(input.flag).toMatch(/^--(no-)?[a-z-]+( <[a-z]+>)?$/);
      if (input.setting) expect(CONFIG_KEYS).toContain(input.name);
    }
  });

  test('names what holds when nothing is written', () => {
    const { settings } = loadSettings({ known });
    const byName = Object.fromEntries(INPUTS.map((input) => [input.name, input.default]));
    expect(byName).toMatchObject({ 'fail-on': settings.failOn, confidence: settings.confidence, external: settings.external ? 'on' : 'off', 'on-scanner-error': settings.onScannerError });
  });
});
