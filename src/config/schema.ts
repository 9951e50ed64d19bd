import { z } from 'zod';
import { CATEGORIES, CONFIDENCES, CONFIG_SOURCES, FOREIGN_SUPPRESSIONS, NEW_INLINE_SUPPRESSIONS, SANDBOX_MODES, SEVERITIES } from '../core/index.js';

/** Name of the file at the top of the repository. */
export const CONFIG_FILE = '.bartizan.yml';

export const FAIL_ON = [...SEVERITIES, 'never'] as const;
export const ON_SCANNER_ERROR = ['error', 'warn'] as const;
export const INSTALL = ['auto', 'never'] as const;
export const SWITCH = ['on', 'off'] as const;

export const PROFILE_NAMES = ['starter', 'standard', 'strict'] as const;

/** `true` and `false` are what YAML 1.1 editors make of `on` and `off`. */
const onOff = z.union([z.enum(SWITCH), z.boolean()]);
const texts = (description: string) => z.array(z.string().min(1)).optional().describe(description);

function isMirror(text: string): boolean {
  return URL.canParse(text) && new URL(text).protocol === 'https:';
}

/** What may stand behind the id of a policy. Options of the policy itself are checked against its definition. */
export const policySetting = z.union([
  z.enum([...SWITCH, ...SEVERITIES]),
  z.boolean(),
  z.looseObject({
    enabled: onOff.optional().describe('`off` leaves the policy out'),
    severity: z.enum(SEVERITIES).optional().describe('Replaces every severity that the policy would give'),
  }),
]);

/** What may stand behind the name of a scanner. Its other options are checked by its adapter. */
export const scannerSetting = z.union([
  z.enum(SWITCH),
  z.boolean(),
  z.looseObject({
    enabled: onOff.optional().describe('`off` never starts the scanner'),
    skip: texts('Ids of the scanner’s own rules that are not reported; `*` stands for any characters'),
  }),
]);

const bySeverity = <T extends z.ZodType>(value: T) => z.strictObject(Object.fromEntries(SEVERITIES.map((severity) => [severity, value.optional()])) as Record<(typeof SEVERITIES)[number], z.ZodOptional<T>>);

const threshold = z.enum(FAIL_ON);

/** `fail-on` as a mapping. Names of scanners are checked where they are known. */
export const failOnSetting = z.strictObject({
  severity: threshold.optional().describe('Findings of this severity or worse fail the build, where nothing below says otherwise. Default: high'),
  category: z
    .strictObject(Object.fromEntries(CATEGORIES.map((category) => [category, threshold.optional()])) as Record<(typeof CATEGORIES)[number], z.ZodOptional<typeof threshold>>)
    .optional()
    .describe('The same for findings of a category'),
  scanner: z.record(z.string(), threshold).optional().describe('The same for findings of a scanner, by its name; `policies` are the built-in policies'),
  confidence: z
    .strictObject(Object.fromEntries(CONFIDENCES.map((confidence) => [confidence, threshold.optional()])) as Record<(typeof CONFIDENCES)[number], z.ZodOptional<typeof threshold>>)
    .optional()
    .describe('What findings of a confidence have to reach besides the others'),
});

/** One entry of `suppressions`. What must be given together is checked where places are known. */
export const suppressionEntry = z.strictObject({
  rule: z.string().min(1).optional().describe('Id or alias of a policy, another scanner’s rule as `scanner/id`, or a pattern with `*`'),
  path: z.string().min(1).optional().describe('Glob of the files that findings are in'),
  fingerprint: z.string().optional().describe('The `bartizan/v1` fingerprint of one finding'),
  package: z.string().optional().describe('Package URL of a dependency, with or without its version: `pkg:npm/lodash`'),
  reason: z.string().optional().describe('Why these findings do not count'),
  owner: z.string().min(1).optional().describe('Who decided it'),
  expires: z.string().optional().describe('Last day on which it holds, `YYYY-MM-DD` in UTC'),
});

/** One entry of `imports`. Names of scanners are checked where they are known. */
export const importEntry = z.strictObject({
  path: z.string().min(1).describe('A file of the workspace, or a glob'),
  from: z.string().min(1).optional().describe('`sarif`, `falco` for events that Falco has written as JSON, or the scanner whose own JSON it is. Default: sarif'),
  strict: z.boolean().optional().describe('`true`: a value that is not as SARIF has it fails the import instead of being left out with a warning. Default: false'),
});

/** The whole of `.bartizan.yml`. Every key is optional. */
export const configSchema = z.strictObject({
  profile: z.enum(PROFILE_NAMES).optional().describe('What holds where nothing else is written: `starter` for a repository that begins, `standard`, or `strict`. Default: standard'),
  'fail-on': z
    .union([threshold, failOnSetting])
    .optional()
    .describe('Findings of this severity or worse fail the build; `never` only reports. Default: high'),
  'max-findings': bySeverity(z.int().min(0)).optional().describe('By severity, the most findings with which the build passes, below `fail-on` too'),
  'report-from': z.enum(SEVERITIES).optional().describe('Findings below this severity are not reported unless they fail the build. Default: note, which is all'),
  'grace-days': z.int().min(0).max(90).optional().describe('Days after its publication in which an advisory of a dependency does not fail the build, where the scanner states that day. Default: 0'),
  confidence: z.enum(CONFIDENCES).optional().describe('Findings below this confidence are not reported. `low` is all. Default: medium'),
  include: texts('Globs of the files to look at. Default: all'),
  exclude: texts('Globs of files to leave out. Default: none'),
  only: texts('Names of scanners and ids of rules that alone are used: `policies`, `bandit`, `pipeline/*`, `hadolint/DL3008`. Default: all'),
  skip: texts('Names of scanners and ids of rules that are left out, written as in `only`. Default: none'),
  external: onOff.optional().describe('`off` starts no external scanner. Default: on'),
  online: z.boolean().optional().describe('`true` asks GitHub about the actions and workflows that are used, which needs a token. Default: false'),
  'on-scanner-error': z
    .enum(ON_SCANNER_ERROR)
    .optional()
    .describe('What a scanner that did not finish does: `error` fails the build, `warn` only says so. Default: error'),
  sandbox: z
    .enum(SANDBOX_MODES)
    .optional()
    .describe('How external scanners are confined: `auto` as well as the machine allows, with a warning where that is not fully, `required` fully or not at all, `off`. Default: auto'),
  tools: z
    .strictObject({
      install: z.enum(INSTALL).optional().describe('`auto` installs the locked version of each scanner that applies, `never` uses what is installed. Default: never'),
      offline: z.boolean().optional().describe('`true` never fetches anything. Default: false'),
      mirror: z.string().refine(isMirror, 'must be a URL that begins with https://').optional().describe('URL under which release files are fetched instead of on their own host'),
    })
    .optional()
    .describe('Where external scanners come from'),
  policies: z
    .record(z.string(), policySetting)
    .optional()
    .describe('By id of a policy, or with `*` of many: `on`, `off`, a severity, or a mapping with `severity` and the policy’s options'),
  scanners: z
    .record(z.string(), scannerSetting)
    .optional()
    .describe('By name of a scanner: `on`, `off`, or a mapping with `enabled`, `skip` and the scanner’s options'),
  imports: z.array(importEntry).max(100).optional().describe('Results of other tools that are reported and judged like our own: SARIF logs, or the JSON of a scanner'),
  baseline: z
    .string()
    .min(1)
    .optional()
    .describe('Where the known findings come from: a file, `none`, or `auto`: bartizan.baseline.json where it exists, otherwise what is known of the base of a pull request. Default: auto'),
  'new-only': z.boolean().optional().describe('`true`: findings that the baseline knows do not fail the build. Default: false'),
  'max-known': bySeverity(z.int().min(0))
    .optional()
    .describe('By severity, the most known findings with which the build passes'),
  'config-source': z
    .enum(CONFIG_SOURCES)
    .optional()
    .describe('Which commit decides about a pull request, with its settings, suppressions, policies and baseline: `base`, the one that it is to be merged into, or `head`, its own. Default: base'),
  'new-inline-suppressions': z
    .enum(NEW_INLINE_SUPPRESSIONS)
    .optional()
    .describe('Comments that a pull request adds to silence findings: `refuse` counts the findings all the same, `approved` only where an owner has not approved, `allow` never. Default: refuse'),
  'suppression-approvers': texts('Users (`@name`) and teams (`@organisation/team`) whose approval such comments may have, besides the owners in CODEOWNERS'),
  'foreign-suppressions': z
    .enum(FOREIGN_SUPPRESSIONS)
    .optional()
    .describe('Comments and files by which scanners are told to be silent: `honour` shows what they silence as suppressed, `report` counts it. Default: honour'),
  vex: texts('Paths of OpenVEX documents besides those in `.vex/`: what they say is not affected or fixed does not count'),
  suppressions: z
    .array(suppressionEntry)
    .optional()
    .describe('Findings that do not count, each entry with a `reason` and at least one of `rule`, `path`, `fingerprint` and `package`'),
});

export type Config = z.output<typeof configSchema>;
export type PolicyConfig = z.output<typeof policySetting>;
export type SuppressionConfig = z.output<typeof suppressionEntry>;
export type ImportConfig = z.output<typeof importEntry>;
export type ScannerConfig = z.output<typeof scannerSetting>;

/** All keys of the file, in the order in which they are documented. */
export const CONFIG_KEYS: readonly string[] = Object.keys(configSchema.shape);

/** Keys of an entry of `suppressions`. */
export const SUPPRESSION_KEYS: readonly string[] = Object.keys(suppressionEntry.shape);

/** Keys of an entry of `imports`. */
export const IMPORT_KEYS: readonly string[] = Object.keys(importEntry.shape);

/** What holds where nothing is written. */
export const DEFAULTS = {
  failOn: 'high',
  confidence: 'medium',
  include: [],
  exclude: [],
  only: [],
  skip: [],
  external: true,
  onScannerError: 'error',
  sandbox: 'auto',
  tools: { install: 'never', offline: false },
} as const;

/** What a profile says instead of {@link DEFAULTS}; everything that is written wins over it. */
export interface Profile {
  readonly failOn: (typeof FAIL_ON)[number];
  readonly confidence: (typeof CONFIDENCES)[number];
  readonly newOnly: boolean;
  readonly foreignSuppressions: (typeof FOREIGN_SUPPRESSIONS)[number];
}

export const PROFILES: Readonly<Record<(typeof PROFILE_NAMES)[number], Profile>> = {
  starter: { failOn: 'critical', confidence: 'high', newOnly: true, foreignSuppressions: 'honour' },
  standard: { failOn: DEFAULTS.failOn, confidence: DEFAULTS.confidence, newOnly: false, foreignSuppressions: 'honour' },
  strict: { failOn: 'medium', confidence: 'low', newOnly: false, foreignSuppressions: 'report' },
};
