import { resolve } from 'node:path';
import { z } from 'zod';
import { CONFIDENCES, SEVERITIES } from '../core/index.js';
import { openInput } from '../io/input-file.js';
import type { JsonReport } from '../report/json.js';
import { wholeText } from '../sarif/read-text.js';
import { UsageError } from './errors.js';

/** Largest report that is read, in bytes. */
const MAX_BYTES = 256 << 20;

const text = z.string();
const severity = z.enum(SEVERITIES);
const threshold = z.looseObject({ from: z.enum([...SEVERITIES, 'never']), setting: text });
const finding = z.looseObject({
  rule: text,
  tool: text,
  severity,
  confidence: z.enum(CONFIDENCES),
  message: text,
  path: text,
  startLine: z.int().min(1).optional(),
  startColumn: z.int().min(1).optional(),
  endLine: z.int().min(1).optional(),
  endColumn: z.int().min(1).optional(),
  reasons: z.array(text),
  fingerprints: z.record(text, text),
  alsoReportedBy: z.array(z.looseObject({ tool: text, ruleId: text })),
  title: text.optional(),
  ruleSeverity: severity.optional(),
  repair: text.optional(),
  helpUri: text.optional(),
  package: text.optional(),
  published: text.optional(),
  baselineState: z.enum(['new', 'unchanged', 'updated']).optional(),
  gate: z.union([z.looseObject({ threshold, effect: z.enum(['fails', 'below', 'known']) }), z.looseObject({ threshold, effect: z.literal('grace'), until: text })]).optional(),
});
const suppression = z.looseObject({ kind: text, by: text, reason: text, owner: text.optional(), expires: text.optional(), path: text, line: z.int().optional() });
const report = z.looseObject({
  version: text,
  verdict: z.looseObject({ result: z.enum(['pass', 'fail', 'error']), confidence: z.enum(CONFIDENCES).default('medium'), reasons: z.array(z.looseObject({ message: text })) }),
  outcomes: z.array(
    z.looseObject({
      tool: text,
      version: text.optional(),
      status: z.enum(['completed', 'skipped', 'failed']),
      sandbox: z.looseObject({ level: text, mechanism: text }).optional(),
      rules: z.array(z.looseObject({ id: text, tags: z.array(text) })).optional(),
    }),
  ),
  findings: z.array(finding),
  suppressed: z.array(finding.extend({ suppression })),
});

/**
 * A document of `--format json` that somebody names. Only what readers of it use is looked at; fields of later versions stay.
 * @throws UsageError when it is too large, no JSON or not such a document.
 */
export function readJsonReport(file: string, directory: string): JsonReport {
  const input = openInput(resolve(directory, file), file);
  if (input.size > MAX_BYTES) throw new UsageError(`${file} is larger than ${MAX_BYTES} bytes.`);
  let data: unknown;
  try {
    data = JSON.parse(wholeText(input));
  } catch {
    throw new UsageError(`${file} is no valid JSON. It has to be what \`bartizan scan --format json\` writes.`);
  }
  const read = report.safeParse(data);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new UsageError(`${file} is no report of \`bartizan scan --format json\`: ${issue === undefined ? 'it has another form' : `${issue.path.join('.') || 'the document'}: ${issue.message}`}.`);
  }
  return read.data as unknown as JsonReport;
}
