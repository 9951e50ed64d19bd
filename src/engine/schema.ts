import { z } from 'zod';
import { CONFIDENCES, SEVERITIES } from '../core/index.js';
import { OPTION_TYPES, type PolicyDefinition, type PolicyExample } from './policy.js';

const line = (what: string) => z.string().min(1, `${what} is empty`).regex(/^[^\n]*$/, `${what} must be one line`);
const files = z.record(z.string().min(1), z.string()).refine((value) => Object.keys(value).length > 0, 'An example needs a file');
const id = z
  .string()
  .regex(/^[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*$/, 'An id is `<prefix>/<name>`: lower-case letters, digits and `-`, such as `custom/no-curl`');
/** Former ids, and those of the catalogue of runbook weaknesses: `RB-STR-01`. */
const alias = z
  .string()
  .regex(/^(?:[a-z][a-z0-9-]*\/[a-z][a-z0-9-]*|RB-[A-Z]{2,3}-[0-9]{2})$/, 'An alias is `<prefix>/<name>` as an id, or `RB-<family>-<number>` of the runbook catalogue');
const expression = z.string().min(1, 'The expression is empty');

const option = z
  .discriminatedUnion('type', [
    z.strictObject({ type: z.literal('string'), default: z.string().default(''), description: line('The description') }),
    z.strictObject({ type: z.literal('strings'), default: z.array(z.string()).default([]), description: line('The description') }),
    z.strictObject({ type: z.literal('integer'), default: z.number().int(), description: line('The description') }),
    z.strictObject({ type: z.literal('boolean'), default: z.boolean().default(false), description: line('The description') }),
  ], { error: (issue) => (issue.code === 'invalid_union' ? `The type of an option is one of ${OPTION_TYPES.join(', ')}` : undefined) });

/** Shape of a policy file. What depends on fact kinds is checked by `compile.ts`. */
export const POLICY_SCHEMA = z.strictObject({
  id,
  title: line('The title').regex(/[^.]$/, 'A title has no full stop'),
  severity: z.enum(SEVERITIES),
  confidence: z.enum(CONFIDENCES).default('medium'),
  select: z.string(),
  platforms: z.array(z.string()).default([]),
  when: expression,
  options: z.record(z.string().regex(/^[a-z][a-z0-9-]*$/, 'An option is named in lower case with `-`'), option).default({}),
  severities: z
    .array(z.strictObject({ when: expression, severity: z.enum(SEVERITIES), because: line('The reason').optional() }))
    .default([]),
  reasons: z.literal('reach').optional(),
  online: z.literal(true).optional(),
  at: z.union([z.string(), z.array(z.string())]).default([]),
  related: z.array(z.strictObject({ at: z.string(), message: line('The message') })).default([]),
  message: z.string().min(1, 'The message is empty'),
  repair: line('The repair').optional(),
  repairs: z.array(z.strictObject({ when: expression, repair: line('The repair') })).default([]),
  help: z.string().default(''),
  tags: z.array(z.string()).default([]),
  equivalents: z
    .array(z.string().regex(/^[a-z][a-z0-9-]*\/\S+$/, 'An equivalent is `tool/rule-id`, such as `zizmor/template-injection`'))
    .default([]),
  references: z.array(z.url({ protocol: /^https$/, error: 'A reference is an https address' })).default([]),
  aliases: z.array(alias).default([]),
  deprecated: line('The replacement').optional(),
  examples: z
    .array(
      z
        .strictObject({ name: line('The name').optional(), fail: files.optional(), pass: files.optional(), online: z.record(z.string(), z.record(z.string(), z.unknown())).optional() })
        .refine((value) => (value.fail === undefined) !== (value.pass === undefined), 'An example has either `fail` or `pass`'),
    )
    .default([]),
});

/** Fills in what the file leaves out. */
export function toDefinition(file: z.output<typeof POLICY_SCHEMA>): PolicyDefinition {
  return {
    ...file,
    at: typeof file.at === 'string' ? [file.at] : file.at,
    repair: file.repair ?? '',
    examples: file.examples.map((example): PolicyExample => {
      const kind = example.fail ? 'fail' : 'pass';
      return { name: example.name ?? '', kind, files: example.fail ?? example.pass ?? {}, ...(example.online !== undefined && { online: example.online }) };
    }),
  };
}
