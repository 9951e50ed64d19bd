import { ConfigurationError, nearestHint } from '../core/index.js';

const UPLOAD = ['auto', 'on', 'off'] as const;
const COMMENT = ['auto', 'on', 'off'] as const;
const ANNOTATIONS = ['lines', 'check', 'off'] as const;

/** Where the results of the Action are shown, besides the log and the job summary. */
export interface Publication {
  /** Code scanning. `auto`: where it is possible, with a warning where it is not; `on`: the step fails where it is not. */
  readonly upload: (typeof UPLOAD)[number];
  /** One comment of the pull request. `auto`: where the token may write it; `on`: with a warning where it may not. */
  readonly comment: (typeof COMMENT)[number];
  /** `lines`: workflow commands, of which GitHub shows ten of a kind; `check`: a check run with all. */
  readonly annotations: (typeof ANNOTATIONS)[number];
  /** Path of the HTML report, relative to the workspace; undefined when none is wanted. */
  readonly report: string | undefined;
  /** Path of the SARIF file, relative to the workspace; undefined for the usual one. */
  readonly sarifFile: string | undefined;
  /** Tells jobs of one matrix apart; empty outside of one. */
  readonly matrix: string;
}

/** An input of the Action that is no setting of the scan: a file of the repository has no say in it. */
export interface PublicationInput {
  readonly name: string;
  /** Plain text, without the default. */
  readonly description: string;
  /** Default in `action.yml`. */
  readonly default: string;
  /** What an empty value means, for the description. */
  readonly otherwise: string;
  readonly choices?: readonly string[];
}

/** `action.yml` is checked against this table. */
export const PUBLICATION_INPUTS: readonly PublicationInput[] = [
  {
    name: 'upload',
    description: 'Upload to code scanning (the Security tab): auto where it is possible, on fails the step where it is not, or off.',
    default: '',
    otherwise: 'auto',
    choices: UPLOAD,
  },
  {
    name: 'comment',
    description: 'One comment on the pull request, edited in place: auto where the token may write it, on warns where it may not, or off.',
    default: '',
    otherwise: 'auto',
    choices: COMMENT,
  },
  {
    name: 'annotations',
    description: 'Findings at their lines: lines shows ten of a kind, check makes a check run with all (needs checks: write), or off.',
    default: '',
    otherwise: 'lines',
    choices: ANNOTATIONS,
  },
  { name: 'report', description: 'Where an HTML report is written, relative to the workspace.', default: '', otherwise: 'none' },
  {
    name: 'sarif-file',
    description: 'Where the SARIF file for code scanning is written.',
    default: '',
    otherwise: 'bartizan.sarif in the temporary folder of the runner',
  },
  {
    name: 'github-token',
    description: 'Token for the upload, the comment and the check run; no scanner gets it.',
    default: '${{ github.token }}',
    otherwise: 'the token of the job',
  },
  {
    name: 'matrix',
    description: 'Tells jobs of one matrix apart, so that each has its own comment on a pull request.',
    default: '${{ toJSON(matrix) }}',
    otherwise: 'the values of the matrix',
  },
];

/**
 * Where to publish, from the inputs of the Action. `read` gives an input's text, empty when it was not given.
 * @throws ConfigurationError when a value is none of its choices.
 */
export function publicationFromInputs(read: (name: string) => string): Publication {
  const choice = <T extends string>(name: string, choices: readonly T[], fallback: T): T => {
    const text = read(name).trim().toLowerCase();
    const value = text === '' ? fallback : text === 'true' ? 'on' : text === 'false' ? 'off' : text;
    const found = choices.find((candidate) => candidate === value);
    if (found !== undefined) return found;
    throw new ConfigurationError(`The input ${name} is ${JSON.stringify(text)}, but can be ${choices.join(', ')}.${nearestHint(value, choices)}`);
  };
  const text = (name: string): string | undefined => read(name).trim() || undefined;
  return {
    upload: choice('upload', UPLOAD, 'auto'),
    comment: choice('comment', COMMENT, 'auto'),
    annotations: choice('annotations', ANNOTATIONS, 'lines'),
    report: text('report'),
    sarifFile: text('sarif-file'),
    // `null` outside of a matrix.
    matrix: text('matrix')?.replace(/^(?:null|\{\s*\})$/, '') ?? '',
  };
}
