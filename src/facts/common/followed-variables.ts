import type { ScriptFlow } from '../github/command-output.js';
import { LITERAL } from '../github/scope.js';
import type { AnyFact } from '../schema.js';
import { originHere, originValue, type ReachedPlace } from './origins.js';

/** Tells of variables that are run as code or split who controls what they hold. */
export function followVariables(facts: readonly AnyFact[], flow: ScriptFlow, place: ReachedPlace): void {
  for (const fact of facts) {
    if (fact.kind !== 'expansion' || fact.value.source !== 'variable') continue;
    const written = flow.script.expansions.find((expansion) => expansion.name === fact.value.expression);
    const anywhere = written === undefined ? LITERAL : flow.range(written.range);
    if (anywhere.contexts.length === 0) continue;
    Object.assign(fact.value, {
      ...originValue(originHere(anywhere, place), place),
      // Where splitting is dangerous, the command states it itself: see `shell-sinks.ts`.
      ...(fact.value.sink === 'argument' && { safe: true, sanitizer: 'the command has no options that matter' }),
    });
  }
}
