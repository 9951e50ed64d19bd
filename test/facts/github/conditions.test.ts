import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NEVER, readCondition } from '../../../src/facts/github/conditions.js';
import { FACT_SCHEMAS } from '../../../src/facts/schema.js';

const scope = (...events: string[]) => ({ events: events.map((name) => ({ event: name.split(':')[0] ?? '', types: name.split(':')[1]?.split(',') ?? [] })) });
const guards = (text: string, ...events: string[]) => readCondition(text, scope(...events)).guards.map((guard) => `${guard.kind} ${guard.sound ? 'sound' : 'unsound'}`);

describe('readCondition', () => {
  it.each([
    ["github.ref == 'refs/heads/main'", false],
    ["github.ref == 'refs/heads/main'\n", false],
    ["${{ github.ref == 'refs/heads/main' }}", false],
    ["${{ github.ref == 'refs/heads/main' }}\n", true],
    [" ${{ github.ref == 'refs/heads/main' }}", true],
    ["${{ github.ref == 'refs/heads/main' }} && true", true],
    ["! ${{ github.event.pull_request.draft }}", true],
    ["${{ a.b }} && ${{ c.d }}", true],
  ])('%j is always true: %j', (text, alwaysTrue) => {
    expect(readCondition(text).alwaysTrue).toBe(alwaysTrue);
  });

  it.each([
    ["github.event_name == 'push'", ['push']],
    ["github.event_name != 'push'", ['pull_request', 'issues']],
    ["'PUSH' == github.event_name || github.event_name == 'issues'", ['push', 'issues']],
    ["!(github.event_name == 'push') && github.event_name != 'issues'", ['pull_request']],
    ["startsWith(github.event_name, 'pull_request')", ['pull_request']],
    ["contains(fromJSON('[\"push\", \"issues\"]'), github.event_name)", ['push', 'issues']],
    ["contains('push issues', github.event_name)", ['push', 'issues']],
    ['github.event.pull_request', ['pull_request']],
    ['github.event.issue && always()', ['issues']],
    ['github.head_ref', ['pull_request']],
    ["github.head_ref != ''", ['pull_request']],
    ["github.ref == 'refs/heads/main'", ['push', 'issues']],
    ["startsWith(github.ref, 'refs/tags/')", ['push']],
    ["!startsWith(github.ref, 'refs/pull/')", ['push', 'issues']],
    ['false', [NEVER]],
    ["github.event.action == 'opened'", ['pull_request', 'issues']],
    ["github.event.action == 'closed'", ['issues']],
    ["github.event_name == 'pull_request' && 'a' || ''", ['pull_request']],
    ["needs.a.outputs.b == 'x'", []],
    ['github.event.pull_request.head.repo.fork == false', []],
    ['success()', []],
    ["github.actor == 'x'", []],
  ])('%s can be true for %j', (text, events) => {
    expect(readCondition(text, scope('push', 'pull_request', 'issues')).events).toEqual(events);
  });

  it.each([
    ["github.event.comment.author_association == 'MEMBER'", 'issue_comment', ['association sound']],
    ["github.event.comment.author_association == 'OWNER' || github.event.comment.author_association == 'MEMBER'", 'issue_comment', ['association sound']],
    ["contains(fromJSON('[\"OWNER\",\"MEMBER\",\"COLLABORATOR\"]'), github.event.comment.author_association)", 'issue_comment', ['association sound']],
    ["contains(fromJSON('[\"OWNER\",\"CONTRIBUTOR\"]'), github.event.comment.author_association)", 'issue_comment', ['association unsound']],
    ["contains('OWNER MEMBER', github.event.comment.author_association)", 'issue_comment', ['association sound']],
    ["github.event.comment.author_association == 'CONTRIBUTOR'", 'issue_comment', ['association unsound']],
    ["github.event.comment.author_association != 'NONE'", 'issue_comment', ['association unsound']],
    ["github.event.issue.author_association == 'OWNER'", 'issue_comment', ['association unsound']],
    ["github.event.issue.author_association == 'OWNER'", 'issues', ['association sound']],
    ['github.event.pull_request.head.repo.full_name == github.repository', 'pull_request_target', ['fork sound']],
    ['github.repository == github.event.pull_request.head.repo.full_name', 'pull_request_target', ['fork sound']],
    ['github.event.pull_request.head.repo.full_name != github.repository', 'pull_request_target', ['other unsound']],
    ['!(github.event.pull_request.head.repo.full_name != github.repository)', 'pull_request_target', ['fork sound']],
    ['github.event.pull_request.head.repo.fork == false', 'pull_request_target', ['fork sound']],
    ['!github.event.pull_request.head.repo.fork', 'pull_request_target', ['fork sound']],
    ['github.event.pull_request.head.repo.fork', 'pull_request_target', []],
    ['github.event.pull_request.head.repo.fork == false', 'issue_comment', []],
    ['github.event.workflow_run.head_repository.full_name == github.repository', 'workflow_run', ['fork sound']],
    ["github.event.workflow_run.event == 'push'", 'workflow_run', ['event sound']],
    ["github.event.workflow_run.event == 'pull_request'", 'workflow_run', []],
    ["github.event.workflow_run.conclusion == 'success'", 'workflow_run', []],
    ["github.actor == 'dependabot[bot]'", 'pull_request_target', ['actor unsound']],
    ["github.event.pull_request.user.login == 'dependabot[bot]'", 'pull_request_target', ['actor sound']],
    ["github.actor == 'octocat'", 'issue_comment', ['actor sound']],
    ["github.actor != 'octocat'", 'issue_comment', []],
    ['github.actor == github.repository_owner', 'issue_comment', ['actor sound']],
    ["contains('alice bob', github.actor)", 'issue_comment', ['actor unsound']],
    ["contains(fromJSON('[\"alice\"]'), github.actor)", 'issue_comment', ['actor sound']],
    ['contains(fromJSON(vars.MAINTAINERS), github.actor)', 'issue_comment', ['actor sound']],
    ['contains(vars.MAINTAINERS, github.actor)', 'issue_comment', ['actor unsound']],
    ["github.event.issue.user.login == 'octocat'", 'issue_comment', ['actor unsound']],
    ["github.event.label.name == 'safe'", 'pull_request_target:labeled', ['label sound']],
    ["contains(github.event.pull_request.labels.*.name, 'safe')", 'pull_request_target:labeled', ['label sound']],
    ["contains(github.event.pull_request.labels.*.name, 'safe')", 'pull_request_target', ['label unsound']],
    ["github.event.action == 'labeled'", 'pull_request_target:labeled,synchronize', ['label sound']],
    ['github.event.pull_request.merged', 'pull_request_target:closed', ['merged sound']],
    ['github.event.pull_request.merged == true', 'pull_request_target:closed', ['merged sound']],
    ["github.ref == 'refs/heads/main'", 'issue_comment', ['ref unsound']],
    ["github.ref == 'refs/heads/main'", 'push', ['ref sound']],
    ["contains(github.event.comment.body, '/ok')", 'issue_comment', []],
    ["startsWith(github.event.comment.body, '/ok') && github.event.comment.user.login == 'octocat'", 'issue_comment', ['actor sound']],
    ["github.actor == 'octocat' || github.event.issue.title", 'issue_comment', []],
    ["github.event.review.state == 'approved'", 'pull_request_review', []],
    ["secrets.TOKEN != ''", 'issues', ['secret unsound']],
  ])('%s in %s has the guards %j', (text, event, expected) => {
    expect(guards(text, event)).toEqual(expected);
  });

  it('judges the events of outsiders one by one', () => {
    const text = "github.event_name == 'pull_request' || github.event.pull_request.head.repo.full_name == github.repository";
    const condition = readCondition(text, scope('pull_request', 'pull_request_target', 'push'));
    expect(condition.guards).toEqual([]);
    expect(condition.guardedEvents).toEqual(['pull_request_target']);
    expect(condition.events).toEqual(['pull_request', 'pull_request_target']);
  });

  it('ignores the arms that are for other events', () => {
    const text = "github.event_name == 'push' || (github.event_name == 'issue_comment' && github.event.comment.author_association == 'OWNER')";
    const condition = readCondition(text, scope('push', 'issue_comment'));
    expect(condition.guards.filter((guard) => guard.sound)).toEqual([{ kind: 'association', text: "github.event.comment.author_association == 'OWNER'", sound: true }]);
    expect(condition.guardedEvents).toEqual(['issue_comment']);
  });

  it('knows checks done by a step', () => {
    const authorizes = (segments: readonly string[]) => segments.join('.') === 'steps.check.outputs.allowed';
    const condition = readCondition("steps.check.outputs.allowed == 'true'", { ...scope('issue_comment'), authorizes });
    expect(condition.guards).toEqual([{ kind: 'team', text: "steps.check.outputs.allowed == 'true'", sound: true }]);
    expect(readCondition("steps.check.outputs.allowed == 'false'", { ...scope('issue_comment'), authorizes }).guards).toEqual([]);
  });

  it('tells that it does not wait for success', () => {
    expect(readCondition('always() && github.event.issue').ignoresNeeds).toBe(true);
    expect(readCondition('success()').ignoresNeeds).toBe(false);
  });

  it('keeps the contexts of what can not be parsed', () => {
    expect(readCondition('github.event.issue.title = "x"')).toMatchObject({ present: true, contexts: ['github.event.issue.title'], guards: [], events: [] });
  });

  it('never throws and gives a valid fact', () => {
    const atom = fc.constantFrom(
      "github.event_name == 'push'", "github.actor == 'a[bot]'", 'github.event.pull_request.merged', "contains(fromJSON('[1]'), github.event.x)", 'false', "''",
      "github.event.comment.author_association != 'NONE'", "fromJSON('{').x", 'github.event.pull_request.head.repo.fork == true', '1 < 2', "startsWith(github.ref, '')", 'secrets[github.actor]',
    );
    const { tree } = fc.letrec<{ tree: string }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        atom,
        fc.tuple(tie('tree'), fc.constantFrom('&&', '||', '==', '!='), tie('tree')).map(([l, op, r]) => `(${l} ${op} ${r})`),
        tie('tree').map((t) => `!${t}`),
      ),
    }));
    fc.assert(
      fc.property(tree, fc.subarray(['push', 'issues', 'pull_request_target', 'workflow_call', 'made_up']), (text, events) => {
        const condition = readCondition(text, scope(...events));
        expect(FACT_SCHEMAS.job.shape.condition.parse(condition)).toEqual(condition);
        // Saying the opposite can not be impossible for the same event.
        const opposite = readCondition(`!(${text})`, scope(...events));
        for (const event of events) {
          const excluded = (c: typeof condition) => c.events.length > 0 && !c.events.includes(event);
          expect(excluded(condition) && excluded(opposite)).toBe(false);
        }
      }),
    );
    fc.assert(fc.property(fc.string(), (text) => void readCondition(text)));
  });
});
