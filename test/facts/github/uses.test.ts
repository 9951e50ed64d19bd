import { describe, expect, test } from 'vitest';
import { parseImage, parseUses, pinOfRef } from '../../../src/facts/github/uses.js';

describe('parseUses', () => {
  test.each([
    ['actions/checkout@v4', { kind: 'action', name: 'actions/checkout', owner: 'actions', repository: 'checkout', path: '', ref: 'v4', pin: 'tag' }],
    ['Octo/Tool/sub/dir@main', { kind: 'action', name: 'octo/tool/sub/dir', owner: 'octo', repository: 'tool', path: 'sub/dir', ref: 'main', pin: 'branch' }],
    ['a/b@0123456789abcdef0123456789abcdef01234567', { pin: 'digest' }],
    ['a/b', { ref: '', pin: 'none' }],
    ['./.github/actions/x', { kind: 'local', path: './.github/actions/x', pin: '' }],
    ['$/.github/actions/x', { kind: 'local', path: './.github/actions/x', pin: '' }],
    ['docker://ghcr.io/o/i:1.2', { kind: 'docker', name: 'ghcr.io/o/i', owner: 'ghcr.io/o', repository: 'i', ref: '1.2', pin: 'tag' }],
  ])('%s', (text, expected) => {
    expect(parseUses(text, false).value).toMatchObject({ text, ...expected });
  });

  test('a reusable workflow is a workflow', () => {
    expect(parseUses('o/r/.github/workflows/x.yml@v1', true).value).toMatchObject({ kind: 'workflow', path: '.github/workflows/x.yml' });
  });
});

describe('parseImage', () => {
  test.each([
    ['node', { name: 'node', owner: '', ref: '', pin: 'none' }],
    ['node:20-alpine', { name: 'node', ref: '20-alpine', pin: 'tag' }],
    ['localhost:5000/team/app', { name: 'localhost:5000/team/app', owner: 'localhost:5000/team', repository: 'app', pin: 'none' }],
    ['localhost:5000/team/app:v1', { name: 'localhost:5000/team/app', ref: 'v1', pin: 'tag' }],
    [`a/b:1@sha256:${'0'.repeat(64)}`, { name: 'a/b', ref: `sha256:${'0'.repeat(64)}`, pin: 'digest' }],
    ['node:${{ matrix.version }}', { name: 'node', pin: '' }],
    ['${{ inputs.image }}', { pin: '' }],
  ])('%s', (text, expected) => {
    expect(parseImage(text).value).toMatchObject({ kind: 'image', text, ...expected });
  });
});

describe('pinOfRef', () => {
  test.each([
    ['v1', 'tag'],
    ['1.2.3', 'tag'],
    ['v2.x', 'tag'],
    ['cli-v1.2.3', 'tag'],
    ['releases/v1', 'tag'],
    ['master', 'branch'],
    ['feature', 'branch'],
    ['0123456', 'tag'],
    ['', 'none'],
  ])('%s is a %s', (ref, pin) => {
    expect(pinOfRef(ref)).toBe(pin);
  });
});
