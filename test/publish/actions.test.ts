import { expect, test } from 'vitest';
import type { ActionsRunner } from '../../src/io/actions.js';
import { publishToActions, UNPUBLISHED, type ActionsPublication } from '../../src/publish/actions.js';
import type { GitHubResult } from '../../src/publish/github.js';
import { judge } from '../../src/gate/gate.js';
import { completed, finding, settings } from '../support/report.js';

function recorder() {
  const said: string[] = [];
  const runner: ActionsRunner = {
    input: () => '',
    output: (name, value) => said.push(`output ${name}=${value}`),
    annotate: ({ level, message }) => said.push(`${level} ${message}`),
    summary: async (markdown) => {
      said.push(`summary ${markdown}`);
      return true;
    },
    fail: (message) => said.push(`fail ${message}`),
    info: (message) => said.push(`info ${message}`),
    warn: (message) => said.push(`warn ${message}`),
    group: (title) => said.push(`group ${title}`),
    mask: () => {},
  };
  return { runner, said };
}

function publication(bad: boolean): ActionsPublication {
  return {
    verdict: judge([completed('policies', bad ? [finding({ severity: 'high' })] : [])], settings()),
    log: ['a line'],
    annotations: [{ level: 'error', message: 'annotation', properties: { title: 't', file: 'a.yml' } }],
    hidden: 'hidden',
    summary: (notes) => `page ${notes.join(' ')}`.trimEnd(),
    paragraph: 'paragraph',
    outputs: { verdict: 'x' },
  };
}

async function publish(bad: boolean, github: () => Promise<GitHubResult>): Promise<string[]> {
  const { runner, said } = recorder();
  await publishToActions(publication(bad), runner, github);
  return said;
}

test('says first why the step fails, then what it has found', async () => {
  expect(await publish(true, async () => UNPUBLISHED)).toEqual(['fail paragraph', 'group Findings and scanners', 'output verdict=x', 'error annotation', 'info hidden', 'summary page']);
});

test('what could not be published is one warning and stands in the summary; the step passes', async () => {
  expect(await publish(false, async () => ({ ...UNPUBLISHED, notes: ['n'], warnings: ['a', 'b'] }))).toEqual([
    'info paragraph',
    'group Findings and scanners',
    'output verdict=x',
    'info n',
    'error annotation',
    'info hidden',
    'warn a\nb',
    'summary page a b',
  ]);
});

test('what was required fails the step', async () => {
  expect(await publish(false, async () => ({ ...UNPUBLISHED, failures: ['f'] }))).toContain('fail f');
});

test('with a check run, annotations are not said twice', async () => {
  expect(await publish(true, async () => ({ ...UNPUBLISHED, checked: true }))).not.toContain('error annotation');
});

test('a defect in publishing takes nothing away', async () => {
  const said = await publish(true, async () => {
    throw new TypeError('defect');
  });
  expect(said).toEqual(expect.arrayContaining(['fail paragraph', 'error annotation', 'warn Publishing to GitHub ended early: defect', expect.stringContaining('summary page')]));
});
