/** The project of a connection, and of an issue, is known by its id: its key may change, and an issue may move (C8, C9). */
import { describe, expect, it } from 'vitest';
import { retryError } from '#/services/error/retry-error.ts';
import { hintIssues } from '#/services/sync/hints.ts';
import type { Company } from '../../support/pair.ts';
import { usePair } from '../../support/pair.ts';
import { waitFor } from '../../support/wait-for.ts';

const pair = usePair();

async function issueInA(summary: string, fields: Record<string, unknown> = {}): Promise<{ key: string; id: string }> {
  const { json } = await pair.a.rest('POST', '/issue', {
    fields: { project: { key: 'TEST' }, issuetype: { name: 'Task' }, summary, ...fields },
  });
  return json as { key: string; id: string };
}

/** As it stands after project OLD was given the key TEST, which changes no issue's `updated`. */
async function renamed({ ctx, connectionId }: Company): Promise<void> {
  await ctx.db.connection.update({ where: { id: connectionId }, data: { projectKey: 'OLD' } });
  await ctx.db.twin.updateMany({ where: { localProjectKey: 'TEST' }, data: { localProjectKey: 'OLD' } });
}

const connectionOf = ({ ctx, connectionId }: Company) =>
  ctx.db.connection.findUniqueOrThrow({ where: { id: connectionId } });
const twinOf = ({ ctx }: Company, localIssueId: string) => ctx.db.twin.findFirstOrThrow({ where: { localIssueId } });

describe('a project that was given another key', () => {
  it('is still seen: an issue that is deleted then ends its own pair and stops no other', async () => {
    const { key, id } = await issueInA('of a renamed project');
    await pair.sync(key);
    await renamed(pair.a);
    await pair.a.jira.control.deleteIssue({ key });
    await hintIssues(pair.a.ctx, [id]);
    await waitFor('the end of the pair', async () => (await twinOf(pair.a, id)).status === 'local_removed');
    expect(await connectionOf(pair.a)).toMatchObject({ status: 'active', projectKey: 'TEST' });
  });

  it('is followed as soon as one of its issues is read, at no request to Jira, and all its issues are known to be in it', async () => {
    const [one, two] = [await issueInA('read'), await issueInA('not read')];
    await pair.sync(one.key);
    await pair.sync(two.key);
    await renamed(pair.a);
    await pair.a.jira.control.resetStatistics();
    await pair.a.rest('PUT', `/issue/${one.key}`, { fields: { summary: 'read again' } });
    await waitFor('the new key', async () => (await connectionOf(pair.a)).projectKey === 'TEST');
    await pair.quiet();
    expect((await twinOf(pair.a, two.id)).localProjectKey).toBe('TEST');
    expect(await pair.a.jira.control.requests({ path: '/project', user: 'admin' })).toEqual([]);
  });

  it('keeps sub-tasks under their parents', async () => {
    const parent = await issueInA('parent in a renamed project');
    const parentTwin = await pair.sync(parent.key);
    await renamed(pair.b);
    await pair.b.rest('PUT', `/issue/${parentTwin}`, { fields: { summary: 'read over there' } });
    await waitFor('the edit', async () => (await pair.a.issue(parent.key)).summary === 'read over there');
    await pair.quiet();
    const child = await issueInA('child', { issuetype: { name: 'Sub-task' }, parent: { key: parent.key } });
    expect(await pair.b.issue(await pair.sync(child.key))).toMatchObject({ type: 'Sub-task', parent: parentTwin });
  });
});

describe('an issue that was moved to another project', () => {
  it('which the proxy user may not see any more is an error of this issue only, and a retry cures it', async () => {
    await pair.a.jira.control.createProject({ key: 'SECRET', name: 'Secret', issueTypes: ['Task'] });
    const [moved, other] = [await issueInA('moved away'), await issueInA('stays')];
    await pair.sync(moved.key);
    const otherTwin = await pair.sync(other.key);
    await pair.a.jira.control.moveIssue({ key: moved.key, project: 'SECRET' });
    await hintIssues(pair.a.ctx, [moved.id]);
    await waitFor('the move to be seen', async () => (await twinOf(pair.a, moved.id)).localProjectKey === 'SECRET');
    await pair.a.jira.control.hideProject({ project: 'SECRET', user: 'admin' });
    await hintIssues(pair.a.ctx, [moved.id]);
    await waitFor('the error', async () => (await twinOf(pair.a, moved.id)).errorCode === 'issue_not_found');
    expect((await connectionOf(pair.a)).status).toBe('active');
    await pair.a.rest('PUT', `/issue/${other.key}`, { fields: { summary: 'goes on' } });
    await waitFor('the other edit', async () => (await pair.b.issue(otherTwin)).summary === 'goes on');

    await pair.a.jira.control.hideProject({ project: 'SECRET', user: 'admin', hidden: false });
    const error = await pair.a.ctx.db.syncError.findFirstOrThrow({
      where: { code: 'issue_not_found', resolvedAt: null },
    });
    expect(error.detail).toContain('SECRET');
    await retryError(pair.a.ctx, { id: error.id });
    await waitFor('the cure', async () => (await twinOf(pair.a, moved.id)).status === 'synchronized');
  });
});
