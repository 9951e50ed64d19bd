import type { Document, Finding, SourceRange } from '../core/index.js';
import type { ShellParser } from '../syntax/shell/index.js';
import type { YamlNode } from '../syntax/yaml-node.js';
import type { Edit } from './edits.js';

/** A version and the commit that it stands for. */
export interface KnownDigest {
  /** 40 or 64 hexadecimal digits. */
  readonly digest: string;
  /** The version as a comment names it, such as `v4.2.2`. */
  readonly version: string;
}

/** What a repairer works with. */
export interface RepairRequest {
  readonly document: Document;
  readonly root: YamlNode;
  readonly finding: Finding;
  /** The primary region. */
  readonly range: SourceRange;
  readonly shell: ShellParser;
  /** The commit of `owner/repository` at a tag or branch, where it is known. */
  readonly digestOf: (repository: string, ref: string) => KnownDigest | undefined;
}

/**
 * Makes the edits that repair one finding, or undefined where no edit is known to be safe: one that keeps what the
 * file does, but for the weakness, and its comments and layout.
 */
export type Repairer = (request: RepairRequest) => { readonly description: string; readonly edits: readonly Edit[] } | undefined;
