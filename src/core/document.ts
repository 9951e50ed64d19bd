import { LineIndex } from './location.js';

/**
 * What a file was recognised as. A format decides which reader in `facts/` states its facts and which
 * scanners apply. Adding a format: one name here, a rule in `discover/formats.ts`, and where facts are
 * stated one folder in `facts/`.
 */
export const FORMATS = [
  'github-workflow', 'github-action', 'dependabot', 'shell', 'dockerfile', 'python', 'javascript',
  'typescript', 'go', 'java', 'ruby', 'php', 'csharp', 'npm-manifest', 'npm-lock', 'pnpm-lock', 'yarn-lock',
  'python-requirements', 'python-lock', 'go-module', 'lock-file', 'terraform', 'kubernetes', 'helm-chart',
  'cloudformation', 'compose', 'ansible',
  'markdown-runbook', 'rundeck-job', 'rundeck-acl', 'ssm-document', 'ansible-config', 'makefile', 'justfile', 'taskfile', 'mise',
  'stackstorm', 'attune', 'xec', 'env-file', 'ssh-config', 'azure-automation', 'google-workflow', 'n8n-workflow', 'notebook',
  'atlantis', 'spacelift',
  'gitlab-ci', 'travis', 'azure-pipelines', 'bitbucket-pipelines', 'jenkinsfile', 'circleci', 'tekton', 'argo-workflow',
  'drone', 'woodpecker', 'buildkite', 'codebuild', 'cloud-build',
] as const;
export type Format = (typeof FORMATS)[number];

/** One text file of the workspace. `root` is the parsed tree, where a reader keeps one. */
export interface Document {
  /** Relative to the workspace, `/` as separator. */
  readonly path: string;
  readonly format: Format;
  readonly text: string;
  /** Line and column lookup of `text`, computed on first use. */
  readonly lines: LineIndex;
}

class TextDocument implements Document {
  private index: LineIndex | undefined;

  constructor(
    readonly path: string,
    readonly format: Format,
    readonly text: string,
  ) {}

  get lines(): LineIndex {
    return (this.index ??= new LineIndex(this.text));
  }
}

/** A document with lazily computed lines. */
export function createDocument(path: string, format: Format, text: string): Document {
  return new TextDocument(path, format, text);
}

/** A file that was found and recognised, before it is read. */
export interface FileEntry {
  readonly path: string;
  readonly format: Format;
  /** Why it was recognised so, for `--explain-plan`: a path rule or a content rule in words. */
  readonly reason: string;
}

/** What the workspace contains: decides which scanners apply. */
export interface Inventory {
  /** Absolute path of the workspace. */
  readonly root: string;
  /** Number of files seen, recognised or not. */
  readonly total: number;
  /** Recognised files, sorted by path. */
  readonly files: readonly FileEntry[];
  /** Whether files came from git's index (`git`) or from a walk (`walk`). */
  readonly source: 'git' | 'walk';
}
