/** Many lanes, many workers, one order (C6). */
import { describe, expect, it } from 'vitest';
import { exalateIssue } from '#/services/twin/exalate-issue.ts';
import { startWorker } from '#/worker/worker.ts';
import { usePair } from '../../support/pair.ts';
import { waitFor } from '../../support/wait-for.ts';

const pair = usePair();

async function newIssue(summary: string): Promise<string> {
  const { json } = await pair.a.rest('POST', '/issue', {
    fields: { project: { key: 'TEST' }, issuetype: { name: 'Task' }, summary },
  });
  return (json as { key: string }).key;
}

async function exalate(key: string): Promise<string> {
  const started = await exalateIssue(pair.a.ctx, { connectionId: pair.a.connectionId, issueKey: key });
  if (started.kind !== 'started') throw new Error(`${key} was not exalated: ${started.kind}`);
  return started.twinId;
}

const summaries = async (): Promise<string[]> => (await pair.b.jira.control.dump()).map(({ summary }) => summary);

describe('several workers of one node', () => {
  it('share the work of one database and do nothing twice', async () => {
    const others = await Promise.all(
      [pair.a, pair.b].flatMap(({ node }) =>
        ['second', 'third'].map((owner) => startWorker(node.node, { owner, pollIntervalSeconds: 1 })),
      ),
    );
    const titles = Array.from({ length: 30 }, (_none, n) => `shared ${n}`);
    const keys = await Promise.all(titles.map(newIssue));
    for (const key of keys) {
      for (const body of ['one', 'two']) await pair.a.rest('POST', `/issue/${key}/comment`, { body });
    }
    await Promise.all(keys.map(exalate));
    await waitFor('all to be synchronized', async () => {
      const open = await pair.a.ctx.db.twin.count({ where: { status: { not: 'synchronized' } } });
      return open === 0;
    });
    await pair.quiet();
    for (const worker of others) await worker.stop();
    const copies = (await pair.b.jira.control.dump()).filter(({ summary }) => summary.startsWith('shared '));
    expect(copies.map(({ summary }) => summary).toSorted()).toEqual(titles.toSorted());
    for (const { comments } of copies)
      expect(comments.map(({ body }) => body)).toEqual(['*Jane Doe:*\none', '*Jane Doe:*\ntwo']);
  });
});

describe('a lane', () => {
  it('that waits for a slow Jira holds back no other', async () => {
    const slow = await newIssue('is slow');
    const quick = await newIssue('is quick');
    const slowId = (await pair.a.ctx.jira().readIssue(slow)).id;
    const { control } = pair.a.jira;
    const { id } = await control.addFault({ kind: 'latency', ms: 20_000, match: { path: `/issue/${slowId}` } });
    await exalate(slow);
    await waitFor('the slow issue to be asked for', async () =>
      (await control.requests({ path: `/issue/${slowId}` })).some(({ user }) => user === 'admin') ? true : null,
    ).catch(() => undefined);
    await exalate(quick);
    await waitFor('the quick one to arrive', async () => (await summaries()).includes('is quick'));
    expect(await summaries()).not.toContain('is slow');
    await control.removeFault({ id });
    await waitFor('the slow one to arrive', async () => (await summaries()).includes('is slow'), { timeoutMs: 40_000 });
  }, 60_000);

  it('of a single change goes before those of bulk work', async () => {
    const { control } = pair.b.jira;
    await control.addFault({ kind: 'latency', ms: 60 });
    const many = await Promise.all(Array.from({ length: 120 }, (_none, n) => newIssue(`bulk ${n}`)));
    const issues = await Promise.all(many.map((key) => pair.a.ctx.jira().readIssue(key)));
    await pair.a.ctx.db.twin.createMany({
      data: issues.map(({ id, key }) => ({
        id: pair.a.ctx.ids.uuid(),
        uid: pair.a.ctx.ids.uuid(),
        connectionId: pair.a.connectionId,
        localIssueId: id,
        localIssueKey: key,
        localProjectKey: 'TEST',
        exalatedBy: 'admin',
        priority: 9,
        wakeAt: new Date(),
      })),
    });
    await waitFor('bulk work to be under way', async () =>
      (await summaries()).some((summary) => summary.startsWith('bulk')),
    );
    await exalate(await newIssue('single'));
    await waitFor('the single one to arrive', async () => (await summaries()).includes('single'));
    const bulkDone = (await summaries()).filter((summary) => summary.startsWith('bulk')).length;
    expect(bulkDone).toBeLessThan(120);
    await control.clearFaults();
    await waitFor(
      'bulk work to end',
      async () => (await summaries()).filter((summary) => summary.startsWith('bulk')).length === 120,
      { timeoutMs: 60_000 },
    );
  }, 120_000);
});
