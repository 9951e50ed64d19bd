import { createHash } from 'node:crypto';
import type { Format } from '../core/index.js';
import type { Call } from './github/repository.js';
import { PIPELINE_READERS } from './pipeline-readers.js';
import type { RepositoryKnowledge } from './index.js';

/**
 * Digests of what the reader of a file can see of other files, by path and format: equal digests and equal texts give equal
 * facts. A workflow or action sees its callers, theirs in turn, and the workflows that `workflow_run` follows; a pipeline of
 * another platform the texts of all of them. Must tell apart everything that `createReader` looks up.
 */
export function digestsOfSeen(knowledge: RepositoryKnowledge): (path: string, format: Format) => string {
  const { usesActions, calls, own, named, pipelines, ...rest } = knowledge;
  // Whatever is added to the knowledge and not to this function is seen by everybody.
  const common = digest([usesActions, plain(rest)]);
  let follows: string | undefined;
  let texts: string | undefined;
  const ownDigests = new Map<string, string>();
  const digestOf = (path: string): string => {
    let found = ownDigests.get(path);
    if (found === undefined) ownDigests.set(path, (found = digest([path, plain(calls.get(path)), plain(own.get(path))])));
    return found;
  };
  return (path, format) => {
    if (format === 'github-workflow' || format === 'github-action') {
      follows ??= digest(plain(named));
      return digest([common, follows, ...callersOf(path, calls).map(digestOf)]);
    }
    if (PIPELINE_READERS[format] === undefined) return common;
    texts ??= digest(plain(pipelines));
    return digest([common, texts]);
  };
}

/** A path and everything that calls it, directly or not, in an order that depends on the calls alone. */
function callersOf(path: string, calls: ReadonlyMap<string, readonly Call[]>): readonly string[] {
  const found = new Set([path]);
  for (const callee of found) for (const call of calls.get(callee) ?? []) found.add(call.path);
  return [...found];
}

/** Maps as lists, so that JSON shows what is in them. */
function plain(value: unknown): unknown {
  if (value instanceof Map) return [...value].map(([key, item]) => [key, plain(item)]);
  if (value instanceof Set) return [...value].map(plain);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
  return value;
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value) ?? '').digest('hex');
}
