import { afterEach, describe, expect, it } from 'vitest';
import { knownProblem } from '#/server/problem.ts';
import { initiateConnection } from '#/services/connection/initiate-connection.ts';
import { isDatabaseFull } from '#/services/node/database-full.ts';
import { nodeOverview } from '#/services/node/overview.ts';
import { nodeHealth } from '#/services/settings/node-health.ts';
import { runLane } from '#/services/sync/run-lane.ts';
import { type Changes, fillDisk, makeRoom } from '../../support/full-disk.ts';
import { createLoad } from '../../support/load.ts';
import { usePair } from '../../support/pair.ts';
import type { Company } from '../../support/pair.ts';
import { seededRandom } from '../../support/random.ts';
import { expectClean, handsOf, heal, quickNode, verdictOf } from '../../support/reliability.ts';
import { waitFor } from '../../support/wait-for.ts';

const pair = usePair({ nodeA: quickNode, nodeB: quickNode });
let runs = 0;
const patience = { timeoutMs: 30_000 };

afterEach(async () => {
  await heal(pair);
  for (const { databaseUrl, ctx } of [pair.a, pair.b]) {
    await makeRoom(databaseUrl);
    // The mark is good for a minute; the next test waits for its own.
    await ctx.db.node.update({ where: { id: 1 }, data: { databaseFullAt: null } });
  }
});

const full = (company: Company): Promise<unknown> =>
  waitFor('the full disk to be known', async () => (await nodeHealth(company.ctx)).database === 'full', patience);

describe('while the disk of the database is full', () => {
  it.each<Changes>(['hardly', 'everywhere'])(
    'and rows can be changed %s, every page says so and no issue is blamed; then all changes arrive',
    async (changes) => {
      const load = createLoad(seededRandom((runs += 1)), runs * 1_000);
      const [a, b] = [handsOf(pair.a, 'jane in A'), handsOf(pair.b, 'jane in B')];
      const keyA = await load.newIssue(a, { comments: 1, attachments: 1 });
      const keyB = await pair.sync(keyA);

      await fillDisk(pair.b.databaseUrl, changes);
      await load.editFields(a, keyA);
      await load.comment(b, keyB);
      await load.attach(a, keyA);
      await full(pair.b);
      expect(await nodeHealth(pair.b.ctx)).toMatchObject({ status: 'degraded', database: 'full' });
      expect((await nodeOverview(pair.b.ctx)).databaseFull?.remedy).toContain('Make room');
      expect((await nodeHealth(pair.a.ctx)).database).toBe('ok');

      await load.comment(a, keyA);
      await load.editFields(b, keyB);
      const { id } = await pair.b.ctx.db.twin.findFirstOrThrow({ where: { localIssueKey: keyB } });
      await waitFor(
        'the lane to fail',
        () => runLane(pair.b.ctx, id, 'test').then(() => false, isDatabaseFull),
        patience,
      );
      expect(await pair.b.ctx.db.syncError.count({ where: { resolvedAt: null } })).toBe(0);
      expect(await pair.b.ctx.db.twin.count({ where: { status: 'error' } })).toBe(0);

      await makeRoom(pair.b.databaseUrl);
      expectClean(await verdictOf(pair, load.expected, 60_000));
      for (const { ctx } of [pair.a, pair.b])
        expect(await ctx.db.syncError.count({ where: { resolvedAt: null } })).toBe(0);
    },
    150_000,
  );

  it('a write that was under way as it filled up is found again and not repeated', async () => {
    const load = createLoad(seededRandom((runs += 1)), runs * 1_000);
    const a = handsOf(pair.a, 'jane in A');
    const keyA = await load.newIssue(a, { comments: 0, attachments: 0 });
    await pair.sync(keyA);

    // Time enough between the intent, which is stored, and Jira's answer, which cannot be.
    await pair.b.jira.control.addFault({
      kind: 'latency',
      ms: 3_000,
      match: { user: 'admin', method: 'POST', path: 'comment' },
    });
    await load.comment(a, keyA);
    await waitFor('the write to be under way', async () => (await pair.b.ctx.db.writeIntent.count()) > 0);
    await fillDisk(pair.b.databaseUrl);
    await full(pair.b);
    expect(await pair.b.ctx.db.writeIntent.count()).toBe(1);
    await heal(pair);
    await makeRoom(pair.b.databaseUrl);
    expectClean(await verdictOf(pair, load.expected, 60_000));
  }, 150_000);

  it('what an admin does is refused with the reason, and can be done afterwards', async () => {
    await fillDisk(pair.a.databaseUrl);
    const initiate = (): Promise<unknown> =>
      initiateConnection(pair.a.ctx, {
        draftId: '3f1f6b1e-5d0c-4a53-9f0e-8f6f2a1c9a77',
        destinationUrl: null,
        mode: 'BASIC',
        projectId: '10000',
      });
    const refused: unknown = await initiate().catch((error: unknown) => error);
    expect(knownProblem(refused)).toMatchObject({ summary: 'The disk of this node’s database is full.', field: null });
    await makeRoom(pair.a.databaseUrl);
    await initiate();
  }, 30_000);
});
