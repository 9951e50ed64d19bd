import type { FactValue } from '../schema.js';

export type ValueType = FactValue<'expansion'>['type'];

/*
 * What the fields of webhook payloads can be, by their names, which mean the same in every object.
 * From "Webhook events and payloads": https://docs.github.com/en/webhooks/webhook-events-and-payloads
 */

/** Fields that hold whatever somebody wrote. */
const FREE_TEXT = new Set([
  'body', 'body_html', 'body_text', 'title', 'display_title', 'message', 'description', 'homepage', 'label', 'ref', 'head_ref', 'head_branch', 'branch', 'page_name', 'summary',
  'default_branch', 'email', 'name', 'from', 'diff_hunk', 'path', 'text', 'subject', 'bio', 'company', 'location', 'blog', 'comment', 'content', 'filename', 'question', 'answer_html_body', 'added', 'removed', 'modified',
  'tag_name', 'base_ref', 'head_label', 'full_ref', 'release_name', 'commit_title', 'commit_message', 'note', 'caption', 'context', 'environment', 'transient_environment', 'lock_comment',
]);

/** Letters, digits, `-`, `_`, `.`, `/`: names of accounts and repositories, and what the platform makes up. */
const NAMES = new Set([
  'login', 'username', 'full_name', 'node_id', 'gravatar_id', 'slug', 'language', 'spdx_id', 'key', 'starred_at', 'date', 'timestamp', 'href', 'etag', 'color', 'repository_name',
]);

const NUMBERS = new Set([
  'id', 'number', 'position', 'original_position', 'line', 'original_line', 'start_line', 'original_start_line', 'additions', 'deletions', 'changed_files', 'comments', 'review_comments',
  'run_number', 'run_attempt', 'size', 'forks', 'watchers', 'open_issues', 'total_count', 'distinct_size', 'commits', 'score', 'count',
]);

const SHAS = new Set(['sha', 'head_sha', 'base_sha', 'merge_commit_sha', 'commit_id', 'original_commit_id', 'tree_id', 'after', 'before', 'commit_sha', 'checkout_sha']);

const BOOLEANS = new Set([
  'draft', 'merged', 'mergeable', 'rebaseable', 'locked', 'fork', 'private', 'prerelease', 'distinct', 'created', 'deleted', 'forced', 'archived', 'disabled', 'site_admin', 'truncated',
  'maintainer_can_modify', 'is_template', 'is_alphanumeric', 'default', 'web_commit_signoff_required', 'can_be_merged',
]);

const CHOICES = new Set([
  'action', 'state', 'state_reason', 'author_association', 'conclusion', 'status', 'event', 'type', 'visibility', 'mergeable_state', 'active_lock_reason', 'side', 'start_side', 'ref_type', 'user_view_type',
  'subject_type', 'merge_method', 'pusher_type', 'comment_author_association', 'master_branch_protection',
]);

/**
 * What a payload field can be, by its own name and that of the object it lies in (both lower case);
 * `''` when the name says nothing.
 */
export function payloadFieldType(field: string, parent: string): ValueType {
  if (field === 'id' && (parent === 'head_commit' || parent === 'commit' || parent === 'commits')) return 'sha';
  // A repository's or an organisation's own name can not be chosen freely; a person's or a label's can.
  if (field === 'name' && isRepository(parent)) return 'name';
  if (FREE_TEXT.has(field)) return 'string';
  if (SHAS.has(field)) return 'sha';
  if (NUMBERS.has(field) || field.endsWith('_id') || field.endsWith('_count')) return 'number';
  if (BOOLEANS.has(field) || field.startsWith('has_') || field.startsWith('allow_') || field.startsWith('is_')) return 'boolean';
  if (CHOICES.has(field)) return 'choice';
  if (NAMES.has(field) || field === 'url' || field.endsWith('_url') || field.endsWith('_at')) return 'name';
  return '';
}

/** Objects that describe a repository. */
export function isRepository(name: string): boolean {
  return name === 'repo' || name === 'repository' || name === 'head_repository' || name === 'base_repository' || name === 'forkee';
}
