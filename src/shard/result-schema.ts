import { z } from 'zod';
import { CONFIDENCES, SEVERITIES, type Diagnostic, type Finding, type Location, type ScanResult } from '../core/index.js';
import { isPlainPath } from '../io/files.js';

/*
 * The shapes of `core`, for results that come from another machine. Strict: a property that is not known was not written
 * by this version. Whatever refers to the workspace is a path that stays in it.
 */

const MAX_TEXT = 1_000_000;
const MAX_ITEMS = 1_000_000;
const MAX_LINE = 1_000_000_000;

const text = z.string().max(MAX_TEXT);
const name = z.string().min(1).max(10_000);
const path = z.string().max(10_000).refine(isPlainPath, 'is no path inside of the workspace');
const texts = z.array(text).max(MAX_ITEMS);
const line = z.int().min(0).max(MAX_LINE);
const time = z.number().min(0).max(1e15);

const region = z.strictObject({ startLine: line, startColumn: line, endLine: line, endColumn: line });

export const locationSchema: z.ZodType<Location> = z.strictObject({
  path,
  region: region.exactOptional(),
  message: text.exactOptional(),
  snippet: text.exactOptional(),
});

export const diagnosticSchema: z.ZodType<Diagnostic> = z.strictObject({
  level: z.enum(['error', 'warning', 'note']),
  message: text,
  path: path.exactOptional(),
  region: region.exactOptional(),
  code: name,
});

const severity = z.enum(SEVERITIES);
const confidence = z.enum(CONFIDENCES);

export const findingSchema: z.ZodType<Finding> = z.strictObject({
  ruleId: name,
  tool: name,
  severity,
  confidence,
  message: text,
  reasons: texts,
  repair: text.exactOptional(),
  locations: z.tuple([locationSchema], locationSchema),
  related: z.array(locationSchema).max(MAX_ITEMS),
  flow: z.array(z.strictObject({ location: locationSchema, message: text })).max(MAX_ITEMS),
  fingerprints: z.record(name, z.string().max(1_000)),
  package: z.strictObject({ purl: text, version: text, manifest: text, aliases: texts, fixedVersions: texts, published: z.string().regex(/^\d{4}-\d{2}-\d{2}$/).exactOptional() }).exactOptional(),
  fixes: z.array(z.strictObject({ description: text, replacements: z.array(z.strictObject({ path, region, text })).max(MAX_ITEMS) })).max(MAX_ITEMS).exactOptional(),
  alsoReportedBy: z.array(z.strictObject({ tool: name, ruleId: name })).max(MAX_ITEMS),
  suppression: z.strictObject({ kind: z.enum(['inSource', 'external']), by: name, reason: z.string().trim().min(1).max(MAX_TEXT), owner: text.exactOptional(), expires: text.exactOptional(), place: z.strictObject({ path, region: region.exactOptional() }) }).exactOptional(),
});

const findings = z.array(findingSchema).max(MAX_ITEMS);

const rule = z.strictObject({
  id: name,
  title: text,
  severity,
  confidence,
  tags: texts,
  help: text,
  repair: text.exactOptional(),
  helpUri: text.exactOptional(),
  aliases: texts.exactOptional(),
  equivalents: texts.exactOptional(),
  deprecated: text.exactOptional(),
});

const isolation = z.strictObject({
  level: z.enum(['full', 'partial', 'none']),
  mechanism: z.enum(['bubblewrap', 'sudo-bubblewrap', 'landlock', 'none']),
  version: text.exactOptional(),
  program: text.exactOptional(),
  network: texts.exactOptional(),
  reason: text.exactOptional(),
  remedy: text.exactOptional(),
});

/** A result as a scanner leaves it: nothing is suppressed and nothing compared with a baseline yet. */
export const resultSchema: z.ZodType<ScanResult> = z.strictObject({
  tool: z.strictObject({ name, version: text.exactOptional(), informationUri: text.exactOptional() }),
  rules: z.array(rule).max(MAX_ITEMS),
  outcome: z.discriminatedUnion('status', [
    z.strictObject({ status: z.literal('completed'), findings }),
    z.strictObject({ status: z.literal('skipped'), reason: text }),
    z.strictObject({ status: z.literal('failed'), error: text, partial: findings }),
  ]),
  diagnostics: z.array(diagnosticSchema).max(MAX_ITEMS),
  startedAt: time,
  endedAt: time,
  exitCode: z.int().exactOptional(),
  isolation: isolation.exactOptional(),
});

/** What judging a range of files gave, see `JudgedFiles`. */
export const judgedSchema = z.strictObject({
  parts: z
    .array(
      z.strictObject({
        evaluated: z.strictObject({
          findings,
          problems: z.array(z.strictObject({ policy: name, diagnostic: diagnosticSchema })).max(MAX_ITEMS),
          failures: z.record(name, z.int().min(0)),
          stopped: z.array(name).max(MAX_ITEMS),
        }),
        diagnostics: z.array(diagnosticSchema).max(MAX_ITEMS),
      }),
    )
    .max(MAX_ITEMS),
  lost: z.array(diagnosticSchema).max(MAX_ITEMS),
  incomplete: text.exactOptional(),
});
