import { describe, expect, it } from 'vitest';
import { trivyImage } from '../../../src/scanners/trivy-image.js';
import { describeAdapter, parseCase } from '../adapter.js';
import type { Case } from '../adapter.js';
import { entries } from '../request.js';

/** Not a recording: the tool can't be had here. Written to its documented format. */
const SAMPLE: Case = {
  folder: 'trivy-image',
  root: '/workspace',
  files: entries('dockerfile', ['image.tar']),
  output: 'trivy-image/output.json',
  options: { archive: 'image.tar' },
  expected: ['CVE-2026-0004 image.tar low/high'],
  real: 'none',
};

describeAdapter(trivyImage, SAMPLE);

describe('trivy-image, in detail', () => {
  it('states the package, its other names and what repairs it', () => {
    expect(parseCase(trivyImage, SAMPLE).findings[0]?.package).toEqual({ purl: 'pkg:deb/openssl@3.0.9-1', version: '3.0.9-1', manifest: 'image.tar', aliases: ['CVE-2026-0004'], fixedVersions: [] });
  });
});
