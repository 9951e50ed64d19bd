import type { CelProgram } from './context.js';
import type { CompiledPolicy, LoweredPolicy, Policy, PolicyDefinition } from './policy.js';
import { loweredProgram } from './program.js';
import { loweredTemplate } from './template.js';

/** A policy of which all expressions were lowered; nothing of it is checked again, and only what is used is made. */
export function loweredPolicy(definition: PolicyDefinition, source: { readonly path: string; readonly builtin: boolean }, lowered: LoweredPolicy): Policy {
  let condition: CelProgram | undefined;
  let compiled: CompiledPolicy | undefined;
  const when = (): CelProgram => (condition ??= loweredProgram(lowered.when));
  return {
    definition,
    path: source.path,
    builtin: source.builtin,
    lowered,
    condition: when,
    compiled: () =>
      (compiled ??= {
        when: when(),
        severities: lowered.severities.map(({ when: test, severity, because }) => ({ when: loweredProgram(test), severity, ...(because && { because: loweredTemplate(because) }) })),
        repairs: lowered.repairs.map(({ when: test, repair }) => ({ when: loweredProgram(test), repair })),
        at: lowered.at,
        related: lowered.related.map(({ at, message }) => ({ at, message: loweredTemplate(message) })),
        message: loweredTemplate(lowered.message),
      }),
  };
}
