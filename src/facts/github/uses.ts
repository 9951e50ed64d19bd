import type { Document, SourceRange } from '../../core/index.js';
import { commentAfter } from '../../syntax/yaml-query.js';
import type { YamlScalar } from '../../syntax/yaml-node.js';
import type { UsesValue } from '../schema.js';

/** Nothing is referred to. Shared; never changed. */
export const NO_USES: UsesValue = Object.freeze({
  text: '',
  kind: '',
  name: '',
  owner: '',
  repository: '',
  path: '',
  ref: '',
  pin: '',
  comment: '',
} satisfies UsesValue);

/** What `uses:` refers to, with the offsets of its parts in the text. */
export interface ParsedUses {
  readonly value: UsesValue;
  readonly parts: Readonly<Partial<Record<'name' | 'owner' | 'repository' | 'path' | 'ref', SourceRange>>>;
}

const COMMIT = /^[0-9a-f]{40}$|^[0-9a-f]{64}$/i;
const VERSION = /^v?\d+(?:\.(?:\d+|x|\*))*(?:[-+.][0-9a-z.+-]*)?$/i;
/** `cli-v1.2.3`, `release/v4`, `codeql-bundle-20230615`: a version behind a name. */
const NAMED_VERSION = /^[a-z0-9_./-]*[-/_@]v?\d+(?:\.\d+)*$/i;
const BRANCH = /^(?:main|master|develop|dev|trunk|head|latest|stable|next|nightly|edge|canary|release|production)$/i;

/**
 * How exactly the ref of an action or reusable workflow fixes it. A commit can not move; whether
 * a name is a tag or a branch can't be seen in the file, so names that look like versions count as tags.
 */
export function pinOfRef(ref: string): UsesValue['pin'] {
  if (ref === '') return 'none';
  if (COMMIT.test(ref)) return 'digest';
  if (BRANCH.test(ref)) return 'branch';
  if (VERSION.test(ref)) return 'tag';
  return ref.length < 200 && !ref.startsWith('refs/heads/') && NAMED_VERSION.test(ref) ? 'tag' : 'branch';
}

/**
 * Reads the text of `uses:`: `owner/repository[/path]@ref`, `./path`, `$/path` (the same repository)
 * or `docker://image`. Names are lower-cased as GitHub compares them; `text` and `ref` stay as written.
 */
export function parseUses(text: string, reusableWorkflow: boolean): ParsedUses {
  const known = reusableWorkflow ? knownWorkflows : knownActions;
  let parsed = known.get(text);
  if (parsed === undefined) {
    parsed = readUses(text, reusableWorkflow);
    if (known.size >= MAX_KNOWN) known.clear();
    if (text.length <= MAX_KNOWN_TEXT) known.set(text, parsed);
  }
  return parsed;
}

/** The same few actions are used in every file, and each use is read several times. Results are never changed. */
const knownActions = new Map<string, ParsedUses>();
const knownWorkflows = new Map<string, ParsedUses>();
const MAX_KNOWN = 2_000;
const MAX_KNOWN_TEXT = 200;

function readUses(text: string, reusableWorkflow: boolean): ParsedUses {
  const trimmed = text.trim();
  const lead = text.indexOf(trimmed);
  if (trimmed.startsWith('docker://')) {
    return parseImage(text, lead + 'docker://'.length, lead + trimmed.length, 'docker');
  }
  if (trimmed.startsWith('./') || trimmed.startsWith('$/') || trimmed === '.' || trimmed.startsWith('../')) {
    const path = trimmed.startsWith('$/') ? `./${trimmed.slice(2)}` : trimmed;
    const value: UsesValue = { ...NO_USES, text: trimmed, kind: 'local', name: path.toLowerCase(), path };
    return { value, parts: { path: { start: lead, end: lead + trimmed.length } } };
  }
  const at = trimmed.lastIndexOf('@');
  const slug = at < 0 ? trimmed : trimmed.slice(0, at);
  const ref = at < 0 ? '' : trimmed.slice(at + 1);
  const first = slug.indexOf('/');
  const second = first < 0 ? -1 : slug.indexOf('/', first + 1);
  const owner = first < 0 ? slug : slug.slice(0, first);
  const repository = first < 0 ? '' : slug.slice(first + 1, second < 0 ? undefined : second);
  const path = second < 0 ? '' : slug.slice(second + 1);
  const value: UsesValue = {
    text: trimmed,
    kind: reusableWorkflow ? 'workflow' : 'action',
    name: slug.toLowerCase(),
    owner: owner.toLowerCase(),
    repository: repository.toLowerCase(),
    path,
    ref,
    pin: ref.includes('${{') ? '' : pinOfRef(ref),
    comment: '',
  };
  const parts: { -readonly [K in keyof ParsedUses['parts']]: SourceRange } = {
    name: { start: lead, end: lead + slug.length },
    owner: { start: lead, end: lead + owner.length },
  };
  if (first >= 0) parts.repository = { start: lead + first + 1, end: lead + first + 1 + repository.length };
  if (second >= 0) parts.path = { start: lead + second + 1, end: lead + slug.length };
  if (at >= 0) parts.ref = { start: lead + at + 1, end: lead + trimmed.length };
  return { value, parts };
}

/**
 * Reads an image reference, `[registry/]name[:tag][@digest]`, as containers and services write it.
 * `owner` is the registry and namespace, Docker Hub's own left out.
 */
export function parseImage(text: string, from = 0, to = text.length, kind: 'image' | 'docker' = 'image'): ParsedUses {
  let start = from;
  let end = to;
  while (start < end && text.charCodeAt(start) <= 32) start++;
  while (end > start && text.charCodeAt(end - 1) <= 32) end--;
  const image = text.slice(start, end);
  const digestAt = image.indexOf('@');
  const beforeDigest = digestAt < 0 ? image : image.slice(0, digestAt);
  const slash = lastSlashOutsideExpressions(beforeDigest);
  const colon = tagColon(beforeDigest, slash);
  const name = colon < 0 ? beforeDigest : beforeDigest.slice(0, colon);
  const tag = colon < 0 ? '' : beforeDigest.slice(colon + 1);
  const digest = digestAt < 0 ? '' : image.slice(digestAt + 1);
  const ref = digest === '' ? tag : digest;
  const value: UsesValue = {
    text: kind === 'docker' ? text.trim() : image,
    kind,
    name: name.toLowerCase(),
    owner: slash < 0 ? '' : name.slice(0, slash).toLowerCase(),
    repository: name.slice(slash + 1).toLowerCase(),
    path: '',
    ref,
    pin: imagePin(image, name, ref, digest),
    comment: '',
  };
  const parts: { -readonly [K in keyof ParsedUses['parts']]: SourceRange } = {
    name: { start, end: start + name.length },
    repository: { start: start + slash + 1, end: start + name.length },
  };
  if (slash >= 0) parts.owner = { start, end: start + slash };
  if (digest !== '') parts.ref = { start: start + digestAt + 1, end };
  else if (colon >= 0) parts.ref = { start: start + colon + 1, end: start + beforeDigest.length };
  return { value, parts };
}

function imagePin(image: string, name: string, ref: string, digest: string): UsesValue['pin'] {
  if (image === '') return '';
  if (/^sha(?:256|512):[0-9a-f]{64,128}$/i.test(digest)) return 'digest';
  // An expression can hold the version; what it is can't be told from here.
  if (ref.includes('${{') || (ref === '' && name.includes('${{'))) return '';
  return ref === '' ? 'none' : 'tag';
}

function lastSlashOutsideExpressions(text: string): number {
  const close = text.lastIndexOf('}}');
  const slash = text.lastIndexOf('/');
  if (slash > close) return slash;
  const open = text.indexOf('${{');
  return open < 0 ? slash : text.lastIndexOf('/', open);
}

/** The colon in front of a tag; a registry's port is followed by a slash. */
function tagColon(text: string, slash: number): number {
  for (let i = slash + 1; i < text.length; i++) {
    if (text.startsWith('${{', i)) {
      const close = text.indexOf('}}', i);
      if (close < 0) return -1;
      i = close + 1;
    } else if (text[i] === ':') return i;
  }
  return -1;
}

/** The comment behind a reference on its line, without the `#`: `v4.1.7` of `…@abc… # v4.1.7`. */
export function trailingComment(document: Document, scalar: YamlScalar): string {
  return commentAfter(document.text, scalar.range.end)?.slice(0, 500) ?? '';
}

/** `v4.1.7`, `tag=v4.1.7`, `@v4`. */
const VERSION_IN_COMMENT = /(?:^|[\s=@])(v?\d{1,6}(?:\.\d{1,6}){0,2})(?=$|[\s,;)])/i;

/** The version in the comment behind a commit; empty when there is none. */
export function versionInComment(comment: string): string {
  return VERSION_IN_COMMENT.exec(comment)?.[1] ?? '';
}

/** Owners whose actions are the platform's own. */
export function isPlatformOwner(value: UsesValue): boolean {
  return (value.kind === 'action' || value.kind === 'workflow') && (value.owner === 'actions' || value.owner === 'github');
}
