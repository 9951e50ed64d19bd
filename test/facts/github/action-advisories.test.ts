import { describe, expect, it } from 'vitest';
import { ADVISORIES_DATE, advisoriesOf, replacementOf } from '../../../src/facts/github/action-advisories.js';

const ids = (name: string, ref: string) => advisoriesOf(name, ref).map(({ id }) => id);

describe('advisoriesOf', () => {
  it.each([
    ['tj-actions/changed-files', 'v45', ['GHSA-mrrh-fwg8-r2c3']],
    ['tj-actions/changed-files', 'v40.2.3', ['GHSA-mrrh-fwg8-r2c3', 'GHSA-mcph-m25j-8j63']],
    ['tj-actions/changed-files', 'v46', []],
    ['tj-actions/changed-files', 'v46.0.0', ['GHSA-mrrh-fwg8-r2c3']],
    ['tj-actions/changed-files', 'main', []],
    ['actions/download-artifact', 'v4', []],
    ['actions/download-artifact', 'v4.1.2', ['GHSA-cxww-7g56-2vh6']],
    ['actions/download-artifact', 'v4.1.10', []],
    ['actions/download-artifact', 'v3', []],
    ['github/codeql-action/init', 'v3.28.1', ['GHSA-vqf5-2xx6-9wfm']],
    ['github/codeql-action/init', 'v3', []],
    ['__proto__', 'v1', []],
    ['made/up', 'v1', []],
  ])('%s at %s: %j', (name, ref, expected) => {
    expect(ids(name, ref)).toEqual(expected);
  });

  it('says how old it is', () => {
    expect(ADVISORIES_DATE).toMatch(/^\d{4}-\d\d-\d\d$/);
  });
});

describe('replacementOf', () => {
  it('knows actions that were given up', () => {
    expect(replacementOf('actions/create-release')).toBe('`gh release create`');
    expect(replacementOf('actions/checkout')).toBeUndefined();
  });
});
