import { describe, expect, it } from 'vitest';
import { getConnection } from '#/services/connection/get-connection.ts';
import { confirmMovedNode } from '#/services/node/moved.ts';
import { runLane } from '#/services/sync/run-lane.ts';
import { syncPass } from '#/services/sync/sync-pass.ts';
import { nodeOverview } from '#/services/node/overview.ts';
import { cloneDatabase, dropDatabase } from '../../support/database.ts';
import { onDatabase, withAdmin } from '../../support/database-url.ts';
import { startNode } from '../../support/node-under-test.ts';
import { usePair } from '../../support/pair.ts';
import { waitFor } from '../../support/wait-for.ts';

const pair = usePair();

async function newIssue(summary: string): Promise<string> {
  const { json } = await pair.a.rest('POST', '/issue', {
    fields: { project: { key: 'TEST' }, issuetype: { name: 'Task' }, summary },
  });
  return (json as { key: string }).key;
}

/** Copies B's database; B is stopped for that and started again at its own address. */
async function copyOfB(): Promise<string> {
  const { port } = new URL(pair.b.node.url);
  await pair.b.node.stop();
  const copy = await cloneDatabase();
  const name = (url: string): string => new URL(url).pathname.slice(1);
  await withAdmin(onDatabase(copy, 'postgres'), async (client) => {
    await client.query(`DROP DATABASE "${name(copy)}" WITH (FORCE)`);
    // A session that is still ending would refuse to be copied.
    await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [
      name(pair.b.databaseUrl),
    ]);
    await client.query(`CREATE DATABASE "${name(copy)}" TEMPLATE "${name(pair.b.databaseUrl)}"`);
  });
  await restartB(Number(port));
  return copy;
}

async function restartB(port?: number): Promise<void> {
  pair.b.node = await startNode({
    databaseUrl: pair.b.databaseUrl,
    jiraUrl: pair.b.jira.url,
    name: 'Company B',
    ...(port === undefined ? {} : { port }),
  });
  pair.b.ctx = pair.b.node.ctx;
}

describe('a database that is started under another Exalate URL', () => {
  it('is not synced before an admin has spoken; as a copy it gets an identity of its own and loses its connections', async () => {
    const keyA = await newIssue('Original');
    const keyB = await pair.sync(keyA);
    const copyUrl = await copyOfB();
    const copy = await startNode({ databaseUrl: copyUrl, jiraUrl: pair.b.jira.url, name: 'Copy of B' });
    try {
      const { moved, instanceUid } = await nodeOverview(copy.ctx);
      expect(moved).toEqual({ from: pair.b.node.url, to: copy.url });
      await pair.b.jira.control.setWebhookFaults({ lost: 1 });
      await pair.b.rest('POST', `/issue/${keyB}/comment`, { body: 'for the original only' });
      await waitFor('the original to carry it over', async () => (await pair.a.issue(keyA)).comments.length === 1, {
        timeoutMs: 20_000,
      });
      // The copy has had as much time as the original, and a turn of every loop that could have seen the change.
      const twinOfCopy = () => copy.ctx.db.twin.findFirstOrThrow({ where: { localIssueKey: keyB } });
      await copy.ctx.db.twin.updateMany({ data: { hintedAt: new Date(), wakeAt: new Date() } });
      expect(await syncPass(copy.ctx)).toMatchObject({ changed: 0, lanes: { done: 0, later: 0, failed: 0 } });
      expect(await runLane(copy.ctx, (await twinOfCopy()).id, 'a worker that had it already')).toBe('later');
      const held = await copy.ctx.db.twin.findFirstOrThrow({
        where: { localIssueKey: keyB },
        include: { comments: true },
      });
      expect(held.comments).toEqual([]);

      await confirmMovedNode(copy.ctx, { choice: 'copy' });
      const after = await nodeOverview(copy.ctx);
      expect(after.moved).toBeNull();
      expect(after.instanceUid).not.toBe(instanceUid);
      expect(await getConnection(copy.ctx, { id: pair.b.connectionId })).toMatchObject({ status: 'deactivated' });
      const row = await copy.ctx.db.connection.findUniqueOrThrow({ where: { id: pair.b.connectionId } });
      expect(row.channelKey).toBeNull();
      await expect(confirmMovedNode(copy.ctx, { choice: 'copy' })).rejects.toMatchObject({ code: 'conflict' });
    } finally {
      await copy.stop();
      await dropDatabase(copyUrl);
    }
    await pair.b.jira.control.setWebhookFaults({});
    await pair.quiet();
  }, 60_000);

  it('that was moved keeps its identity, and its partner uses the new address', async () => {
    const keyA = await newIssue('Moves');
    const keyB = await pair.sync(keyA);
    const { instanceUid } = await nodeOverview(pair.b.ctx);
    await pair.b.node.stop();
    await restartB();
    await pair.a.rest('PUT', `/issue/${keyA}`, { fields: { summary: 'after the move' } });
    await waitFor('the partner to have something to say', async () => (await pair.a.ctx.db.syncEvent.count()) === 1);
    expect((await pair.b.issue(keyB)).summary).toBe('Moves');
    await confirmMovedNode(pair.b.ctx, { choice: 'moved' });
    await waitFor('the edit to arrive', async () => (await pair.b.issue(keyB)).summary === 'after the move', {
      timeoutMs: 20_000,
    });
    await pair.quiet();
    const partner = await pair.a.ctx.db.connection.findUniqueOrThrow({ where: { id: pair.a.connectionId } });
    expect(partner.partnerUrl).toBe(pair.b.node.url);
    expect((await nodeOverview(pair.b.ctx)).instanceUid).toBe(instanceUid);
    await pair.b.rest('PUT', `/issue/${keyB}`, { fields: { summary: 'and back' } });
    await waitFor('the way back', async () => (await pair.a.issue(keyA)).summary === 'and back');
  }, 60_000);
});
