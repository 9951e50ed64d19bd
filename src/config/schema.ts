import { z } from 'zod';
import { CONFIDENCES, SANDBOX_MODES, SEVERITIES } from '../core/index.js';

/** Name of the file at the top of the repository. */
export const CONFIG_FILE = '.bartizan.yml';

export const FAIL_ON = [...SEVERITIES, 'never'] as const;
export const ON_SCANNER_ERROR = ['error', 'warn'] as const;
export const SWITCH = ['on', 'off'] as const;

/** `true` and `false` are what YAML 1.1 editors make of `on` and `off`. */
const onOff = z.union([z.enum(SWITCH), z.boolean()]);
const texts = (description: string) => z.array(z.string().min(1)).optional().describe(description);

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

/** The whole of `.bartizan.yml`. Every key is optional. */
export const configSchema = z.strictObject({
  'fail-on': z
    .enum(FAIL_ON)
    .optional()
    .describe('Findings of this severity or worse fail the build; `never` only reports. Default: high'),
  confidence: z.enum(CONFIDENCES).optional().describe('Findings below this confidence are not reported. `low` is all. Default: medium'),
  include: texts('Globs of the files to look at. Default: all'),
  exclude: texts('Globs of files to leave out. Default: none'),
  only: texts('Names of scanners and ids of rules that alone are used: `policies`, `bandit`, `pipeline/*`, `hadolint/DL3008`. Default: all'),
  skip: texts('Names of scanners and ids of rules that are left out, written as in `only`. Default: none'),
  external: onOff.optional().describe('`off` starts no external scanner. Default: on'),
  'on-scanner-error': z
    .enum(ON_SCANNER_ERROR)
    .optional()
    .describe('What a scanner that did not finish does: `error` fails the build, `warn` only says so. Default: error'),
  sandbox: z
    .enum(SANDBOX_MODES)
    .optional()
    .describe('How external scanners are confined: `auto` as well as the machine allows, with a warning where that is not fully, `required` fully or not at all, `off`. Default: auto'),
  policies: z
    .record(z.string(), policySetting)
    .optional()
    .describe('By id of a policy, or with `*` of many: `on`, `off`, a severity, or a mapping with `severity` and the policy’s options'),
  scanners: z
    .record(z.string(), scannerSetting)
    .optional()
    .describe('By name of a scanner: `on`, `off`, or a mapping with `enabled`, `skip` and the scanner’s options'),
});

export type Config = z.output<typeof configSchema>;
export type PolicyConfig = z.output<typeof policySetting>;
export type ScannerConfig = z.output<typeof scannerSetting>;

/** All keys of the file, in the order in which they are documented. */
export const CONFIG_KEYS: readonly string[] = Object.keys(configSchema.shape);

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
} as const;
