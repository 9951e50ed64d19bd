import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classifyContext, payloadHas } from '../../../src/facts/github/contexts.js';
import { flowingContexts } from '../../../src/facts/github/value-flow.js';
import { parseExpression } from '../../../src/syntax/expressions.js';

const classify = (path: string, events: string[], inputs: Record<string, string> = {}) => {
  const [context] = parseExpression(path).contexts;
  return classifyContext(context?.segments ?? [], { events, inputTypes: new Map(Object.entries(inputs)) });
};

describe('classifyContext', () => {
  it.each([
    ['github.event.issue.title', 'issues'],
    ['github.event.issue.body', 'issue_comment'],
    ['github.event.comment.body', 'issue_comment'],
    ['github.event.comment', 'issue_comment'],
    ['github.event.review.body', 'pull_request_review'],
    ['github.event.discussion.title', 'discussion_comment'],
    ['github.head_ref', 'pull_request_target'],
    ['github.event.pull_request.head.ref', 'pull_request'],
    ['github.event.pull_request.head.label', 'pull_request_target'],
    ['github.event.pull_request.head.repo.default_branch', 'pull_request_target'],
    ['github.event.pull_request.head.repo.homepage', 'pull_request_target'],
    ['github.event.pull_request.head', 'pull_request_target'],
    ['github.event.changes.title.from', 'issues'],
    ['github.event.pages[0].page_name', 'gollum'],
    ['github.event.pages.*.title', 'gollum'],
    ['github.event.workflow_run.head_branch', 'workflow_run'],
    ['github.event.workflow_run.display_title', 'workflow_run'],
    ['github.event.workflow_run.head_commit.message', 'workflow_run'],
    ['github.event.workflow_run.head_commit.author.email', 'workflow_run'],
    ['github.event.workflow_run.head_repository.description', 'workflow_run'],
    ['github.event.workflow_run.pull_requests[0].head.ref', 'workflow_run'],
    ['github.event.commits[0].message', 'push'],
    ['github.event.commits.*.author.name', 'push'],
    ['github.event.head_commit.message', 'push'],
    ['github.event.forkee.description', 'fork'],
    ['github.event', 'issues'],
    ['github', 'issues'],
  ])('%s in %s is free text of an outsider', (path, event) => {
    expect(classify(path, [event])).toMatchObject({ controlledBy: 'attacker', type: 'string', events: [event] });
  });

  it.each([
    ['github.event.pull_request.head.sha', 'pull_request_target', 'attacker', 'sha'],
    ['github.event.workflow_run.head_sha', 'workflow_run', 'attacker', 'sha'],
    ['github.event.workflow_run.head_commit.id', 'workflow_run', 'attacker', 'sha'],
    ['github.event.pull_request.head.repo.full_name', 'pull_request_target', 'attacker', 'name'],
    ['github.event.pull_request.user.login', 'pull_request_target', 'attacker', 'name'],
    ['github.event.comment.user.login', 'issue_comment', 'attacker', 'name'],
    ['github.actor', 'issues', 'attacker', 'name'],
    ['github.event.pull_request.number', 'pull_request_target', 'trusted', 'number'],
    ['github.event.issue.id', 'issues', 'trusted', 'number'],
    ['github.event.pull_request.draft', 'pull_request', 'trusted', 'boolean'],
    ['github.event.pull_request.commits', 'pull_request', 'trusted', 'number'],
    ['github.event.issue.pull_request', 'issue_comment', 'attacker', 'name'],
    ['github.event.comment.author_association', 'issue_comment', 'trusted', 'choice'],
    ['github.event.action', 'issues', 'trusted', 'choice'],
    ['github.event.pull_request.html_url', 'pull_request', 'attacker', 'name'],
    ['github.event.pull_request.base.sha', 'pull_request_target', 'collaborator', 'sha'],
    ['github.event.pull_request.base.ref', 'pull_request_target', 'collaborator', 'string'],
    ['github.event.pull_request.labels.*.name', 'pull_request_target', 'collaborator', 'string'],
    ['github.ref_name', 'pull_request', 'trusted', 'name'],
    ['github.ref_name', 'push', 'collaborator', 'string'],
    ['github.ref', 'issue_comment', 'trusted', 'string'],
    ['github.sha', 'pull_request', 'trusted', 'sha'],
    ['github.event.workflow_run.name', 'workflow_run', 'trusted', 'string'],
    ['github.event.workflow_run.conclusion', 'workflow_run', 'trusted', 'choice'],
    ['github.event.repository.default_branch', 'issues', 'collaborator', 'string'],
    ['github.event.repository.full_name', 'issues', 'trusted', 'name'],
    ['github.event.release.tag_name', 'release', 'collaborator', 'string'],
    ['github.event.client_payload.x', 'repository_dispatch', 'collaborator', 'string'],
    ['github.event.issue.title', 'push', 'trusted', 'string'],
    ['github.event.issue.made_up_later', 'issues', 'unknown', ''],
    ['runner.os', 'issues', 'trusted', 'name'],
    ['steps.x.outcome', 'issues', 'trusted', 'choice'],
    ['needs.x.result', 'issues', 'trusted', 'choice'],
  ])('%s in %s: %s, %s', (path, event, controlledBy, type) => {
    expect(classify(path, [event])).toMatchObject({ controlledBy, type });
  });

  it('names only the events that give the value', () => {
    expect(classify('github.event.issue.title', ['push', 'issues', 'issue_comment']).events).toEqual(['issues', 'issue_comment']);
    expect(classify('github.event.issue.title', ['workflow_call', 'push']).events).toEqual(['workflow_call']);
    expect(classify('github.event.issue.title', [])).toMatchObject({ controlledBy: 'attacker', events: [] });
  });

  it('knows inputs by their declaration', () => {
    const events = ['workflow_dispatch'];
    expect(classify('inputs.x', events)).toMatchObject({ controlledBy: 'operator', type: 'string', follow: false });
    expect(classify('github.event.inputs.x', events, { x: 'choice' })).toMatchObject({ controlledBy: 'operator', type: 'choice' });
    expect(classify('inputs.x', events, { x: 'boolean' }).type).toBe('boolean');
    expect(classify('inputs.x', ['workflow_call'])).toMatchObject({ controlledBy: 'unknown', follow: true });
  });

  it('knows which payloads have an object', () => {
    expect(payloadHas('issues', 'pull_request')).toBe(false);
    expect(payloadHas('issues', 'sender')).toBe(true);
    expect(payloadHas('made_up', 'issue')).toBeUndefined();
  });

  it('never throws', () => {
    const segment = fc.oneof(fc.constantFrom('github', 'event', 'inputs', '__proto__', 'constructor', '*', '0', 'title'), fc.string());
    fc.assert(
      fc.property(fc.array(segment), fc.array(fc.oneof(fc.constantFrom('push', 'issues', 'workflow_call', '__proto__'), fc.string())), (segments, events) => {
        classifyContext(segments, { events });
      }),
    );
  });
});

describe('flowingContexts', () => {
  it.each([
    ["a.b == 'x'", []],
    ["contains(a.b, 'x')", []],
    ['startsWith(a.b, c.d)', []],
    ["hashFiles('**/x')", []],
    ['!a.b', []],
    ["a.b && 'x' || 'y'", []],
    ["a.b == 'x' && c.d || 'y'", ['c.d']],
    ["a.b == 'x' && a.b || 'y'", []],
    ['a.b || c.d', ['a.b', 'c.d']],
    ["format('{0} {1}', a.b, c.d)", ['a.b', 'c.d']],
    ['toJSON(a.b)', ['a.b']],
    ["join(a.b, ',')", ['a.b']],
    ['matrix[a.b]', ['matrix[a.b]']],
    ["case(a.b == 'x', c.d, e.f, 'y', g.h)", ['c.d', 'g.h']],
    ['unknownFunction(a.b)', ['a.b']],
  ])('%s lets through %j', (text, expected) => {
    const { root } = parseExpression(text);
    expect(root && flowingContexts(root).map(({ context }) => context.path)).toEqual(expected);
  });

  it('keeps what is selected from parsed JSON', () => {
    const { root } = parseExpression('fromJSON(steps.a.outputs.b).c[0]');
    expect(root && flowingContexts(root)[0]?.selected).toEqual(['c', '0']);
  });
});
