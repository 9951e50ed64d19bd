import { type ActionTable } from './entries.js';

/** Actions that put code into the workspace, or say which code a comment is about. */
export const CHECKOUTS: ActionTable = {
  'actions/checkout': { checkout: { ref: ['ref'], repository: ['repository'] } },
  'taiki-e/checkout-action': { checkout: { ref: [], repository: [] } },
  'nschloe/action-cached-lfs-checkout': { checkout: { ref: ['ref'], repository: ['repository'] } },
  'bhacaz/checkout-files': { checkout: { ref: ['branch'], repository: [] } },
  'xt0rted/pull-request-comment-branch': { outputs: [{ names: ['head_ref', 'head_label'], type: 'string', from: 'event' }, { names: ['head_sha', 'ref', 'sha'], type: 'sha', from: 'event' }] },
  'eficode/resolve-pr-refs': { outputs: [{ names: ['head_ref'], type: 'string', from: 'event' }, { names: ['head_sha'], type: 'sha', from: 'event' }] },
  'gotson/pull-request-comment-branch': { outputs: [{ names: ['head_ref'], type: 'string', from: 'event' }, { names: ['head_sha'], type: 'sha', from: 'event' }] },
  'alessbell/pull-request-comment-branch': { outputs: [{ names: ['head_ref'], type: 'string', from: 'event' }, { names: ['head_sha'], type: 'sha', from: 'event' }] },
  'github/branch-deploy': { outputs: [{ names: ['ref', 'base_ref', 'comment_body', 'params', 'parsed_params'], type: 'string', from: 'event' }, { names: ['sha'], type: 'sha', from: 'event' }] },
};
