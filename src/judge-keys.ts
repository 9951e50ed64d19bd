import { createHash } from 'node:crypto';
import type { Format } from './core/index.js';
import type { Policy } from './engine/index.js';
import { digestsOfSeen } from './facts/seen.js';
import type { RepositoryKnowledge } from './facts/index.js';
import type { JudgeRequest } from './judge.js';

/** SHA-256 of everything that decides what judging a file gives: equal keys, equal results. `text`: digest of its text. */
export type KeyOf = (path: string, format: Format, text: string) => string;

/** @param program digest of the program, see `programDigest` */
export function createKeys({ policies, settings }: Pick<JudgeRequest, 'policies' | 'settings'>, knowledge: RepositoryKnowledge, program: string): KeyOf {
  const common = createHash('sha256').update(program).update(JSON.stringify([settings.policies, policies.map(definitionOf)])).digest('hex');
  const seen = digestsOfSeen(knowledge);
  return (path, format, text) => createHash('sha256').update(JSON.stringify([common, seen(path, format), format, path, text])).digest('hex');
}

function definitionOf({ definition }: Policy): unknown {
  return definition;
}
