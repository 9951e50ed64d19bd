import type { ActionModel, CodeLanguage, OutputModel } from '../action-models.js';

/** Models by lower-case name of the action, one line each, from its `action.yml` and README. */
export type ActionTable = Readonly<Record<string, ActionModel>>;

/** An input that is run as code. */
export const code = (name: string, language: CodeLanguage): ActionModel => ({ code: { [name]: language } });

/** Inputs that are (part of) a command line. */
export const commands = (...names: string[]): ActionModel => ({ commands: names });

/** Runs this from the workspace; the inputs are command lines. */
export const executes = (what: string, ...names: string[]): ActionModel => (names.length === 0 ? { executes: what } : { executes: what, commands: names });

/** Publishes this, always or when the input says so. */
export const publishes = (what: string, input?: string): ActionModel => ({ publishes: input === undefined ? { what } : { what, input } });

/** Restores and saves the cache, always or by an input. */
export const cached = (input?: string, byDefault = false): ActionModel => ({ cache: input === undefined ? { mode: 'both' } : { mode: 'both', input, byDefault } });

/** Restores and saves the cache unless the input says not to. */
export const cachedUnless = (input: string): ActionModel => ({ cache: { mode: 'both', input, byDefault: true, inverted: true } });

/** An agent: inputs that instruct it, say who may use it, and give it tools. */
export const agent = (prompts: string[], allow: string[] = [], tools: string[] = []): ActionModel => ({ agent: { prompts, allow, tools } });

/** Outputs with free text from there. */
export const outputs = (from: OutputModel['from'], ...names: string[]): ActionModel => ({ outputs: [{ names, type: 'string', from }] });

/** Opens a shell for whoever may connect. */
export const debugSession: ActionModel = { debugSession: true };

/** Outputs that say whether the actor has rights. */
export const authorizes = (...names: string[]): ActionModel => ({ authorizes: names });
