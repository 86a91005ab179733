import { afterEach, describe, expect, it } from 'vitest';
import { startBulkExalate } from '#/services/bulk/start-bulk-exalate.ts';
import { deleteConnection } from '#/services/connection/delete-connection.ts';
import { syncPass } from '#/services/sync/sync-pass.ts';
import { createTrigger } from '#/services/trigger/create-trigger.ts';
import { exalateIssue } from '#/services/twin/exalate-issue.ts';
import { startVerify } from '#/services/verify/start-verify.ts';
import { verifyStatus } from '#/services/verify/verify-status.ts';
import { fillDisk, makeRoom } from '../../support/full-disk.ts';
import { usePair } from '../../support/pair.ts';

// Nobody but who calls `POST /api/sync` does any work on either node.
const pair = usePair({ nodeA: { worker: false }, nodeB: { worker: false } });

/** As cron would, one node after the other, until it is so. */
async function passUntil(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let passes = 0; passes < 40; passes += 1) {
    for (const { ctx } of [pair.a, pair.b]) await syncPass(ctx);
    if (await holds()) return;
  }
  throw new Error(`After 40 passes: not ${what}.`);
}

async function newIssue(summary: string, labels: string[] = []): Promise<string> {
  const { json } = await pair.a.rest('POST', '/issue', {
    fields: { project: { key: 'TEST' }, issuetype: { name: 'Task' }, summary, labels },
  });
  return (json as { key: string }).key;
}

const statusOf = async (key: string): Promise<string | undefined> =>
  (await pair.a.ctx.db.twin.findFirst({ where: { localIssueKey: key } }))?.status;
const summariesAtB = async (): Promise<string[]> => (await pair.b.jira.control.dump()).map(({ summary }) => summary);

describe('a node without any worker', () => {
  afterEach(() => makeRoom(pair.a.databaseUrl));

  it('syncs by passes alone, in both directions', async () => {
    const key = await newIssue('by passes');
    await exalateIssue(pair.a.ctx, { connectionId: pair.a.connectionId, issueKey: key });
    await passUntil('synchronized', async () => (await statusOf(key)) === 'synchronized');
    const twin = await pair.a.ctx.db.twin.findFirstOrThrow({ where: { localIssueKey: key } });
    await pair.b.rest('PUT', `/issue/${twin.remoteIssueKey}`, { fields: { summary: 'edited over there' } });
    await pair.a.rest('POST', `/issue/${key}/comment`, { body: 'from here' });
    await passUntil('the edit here', async () => (await pair.a.issue(key)).summary === 'edited over there');
    await passUntil('the comment there', async () =>
      (await pair.b.issue(twin.remoteIssueKey ?? '')).comments.some(({ body }) => body.includes('from here')),
    );
  });

  it('frees a connection that waits for its partner, and goes through a bulk run and a verification', async () => {
    await pair.a.ctx.db.connection.updateMany({ data: { hold: 'check_in' } });
    const summaries = ['bulk one', 'bulk two', 'bulk three'];
    for (const summary of summaries) await newIssue(summary, ['bulk']);
    const { connectionId } = pair.a;
    const { triggerId } = await createTrigger(pair.a.ctx, {
      connectionId,
      jql: 'labels = bulk',
      notes: '',
      active: false,
    });
    const { runId } = await startBulkExalate(pair.a.ctx, { triggerId });
    await passUntil(
      'through the run',
      async () => (await pair.a.ctx.db.bulkRun.findUniqueOrThrow({ where: { id: runId } })).status === 'done',
    );
    expect((await summariesAtB()).filter((summary) => summaries.includes(summary)).toSorted()).toEqual(
      summaries.toSorted(),
    );
    expect((await pair.a.ctx.db.connection.findFirstOrThrow()).hold).toBeNull();

    const verification = await startVerify(pair.a.ctx);
    await passUntil('verified', async () => {
      const status = await verifyStatus(pair.a.ctx);
      return status?.runId === verification.runId && status.state === 'done';
    });
  });

  it('ends its pass with the cause when the disk is full, and goes on once there is room', async () => {
    const key = await newIssue('before');
    await exalateIssue(pair.a.ctx, { connectionId: pair.a.connectionId, issueKey: key });
    await fillDisk(pair.a.databaseUrl);
    await expect(syncPass(pair.a.ctx)).rejects.toThrow('No space left on device');
    await makeRoom(pair.a.databaseUrl);
    await passUntil('synchronized', async () => (await statusOf(key)) === 'synchronized');
  });

  it('removes what a deleted connection leaves', async () => {
    await deleteConnection(pair.a.ctx, { id: pair.a.connectionId });
    await passUntil('nothing left', async () => (await pair.a.ctx.db.connection.count()) === 0);
    expect(await pair.a.ctx.db.twin.count()).toBe(0);
  });
});
