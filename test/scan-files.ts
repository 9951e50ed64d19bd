import { expect } from 'vitest';
import { createDocument, type Document } from '../src/core/index.js';
import { pathParts, recogniseByContent, recogniseByPath } from '../src/discover/recognise.js';
import { evaluatePolicies } from '../src/engine/evaluate.js';
import type { ScanFiles } from '../src/engine/examples.js';
import { declarationsFromSchemas } from '../src/facts/declarations.js';
import { askableReference, stateOnline } from '../src/facts/github/online.js';
import { readDocuments, type FactTools } from '../src/facts/index.js';
import { shellParser } from './syntax/shell/parser.js';

const tools: FactTools = { shell: await shellParser() };

/** Runs policies over the files of an example with the real readers; nothing may be unreadable. */
export const scanFiles: ScanFiles = (files, policies, online = {}) => {
  const documents = Object.entries(files).map(([path, text]) => toDocument(path, text));
  const read = [...readDocuments(documents, tools)];
  expect(read.flatMap((one) => one.diagnostics), 'an example is read without problems').toEqual([]);
  for (const fact of read.flatMap((one) => one.facts)) {
    const answer = askableReference(fact) === undefined ? undefined : online[(fact.value as { text: string }).text];
    if (answer !== undefined) stateOnline(fact, answer);
  }
  const evaluation = evaluatePolicies(policies, read.flatMap((one) => one.facts), { policies: {} }, declarationsFromSchemas().empty);
  expect(evaluation.diagnostics).toEqual([]);
  return evaluation.findings;
};

/** Whether the readers state the commands of a shell script. */
export function statesCommands(): boolean {
  return [...readDocuments([createDocument('a.sh', 'shell', '#!/bin/sh\ntrue\n')], tools)].some(({ facts }) => facts.some(({ kind }) => kind === 'command'));
}

function toDocument(path: string, text: string): Document {
  const parts = pathParts(path);
  const recognised = recogniseByPath(parts) ?? recogniseByContent(parts, false, text);
  if (recognised === undefined) throw new Error(`${path}: no format of ours; examples use the paths of real repositories`);
  return createDocument(path, recognised.format, text);
}
