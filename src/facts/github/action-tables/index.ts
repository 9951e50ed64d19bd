import { AGENTS } from './agents.js';
import { ARTIFACTS } from './artifacts.js';
import { AUTHORIZERS } from './authorizers.js';
import { CACHES } from './caches.js';
import { CHECKOUTS } from './checkouts.js';
import { CODE } from './code.js';
import { EXECUTORS } from './executors.js';
import { OUTPUTS } from './outputs.js';
import { PUBLISHERS } from './publishers.js';
import { SESSIONS } from './sessions.js';
import { TOKENS } from './tokens.js';
import { WRITERS } from './writers.js';
import type { ActionTable } from './entries.js';

/** Every action that is known. No name stands in two tables; a test checks that. */
export const ACTION_TABLE: ActionTable = {
  ...CHECKOUTS,
  ...CACHES,
  ...ARTIFACTS,
  ...CODE,
  ...AGENTS,
  ...EXECUTORS,
  ...PUBLISHERS,
  ...TOKENS,
  ...SESSIONS,
  ...AUTHORIZERS,
  ...OUTPUTS,
  ...WRITERS,
};

/** The tables that it is made of. */
export const ACTION_TABLES: readonly ActionTable[] = [CHECKOUTS, CACHES, ARTIFACTS, CODE, AGENTS, EXECUTORS, PUBLISHERS, TOKENS, SESSIONS, AUTHORIZERS, OUTPUTS, WRITERS];
