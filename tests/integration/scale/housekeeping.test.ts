/** What keeps a database of years quick: pruning, counting days, and finding what is due among very many. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { composeNode } from '#/composition.ts';
import type { ComposedNode } from '#/composition.ts';
import { loadNodeSettings } from '#/env.ts';
import type { ServiceContext } from '#/services/context.ts';
import { activity } from '#/services/dashboard/activity.ts';
import { rollUpActivity } from '#/services/dashboard/roll-up-activity.ts';
import { prune } from '#/services/node/prune.ts';
import { dueLanes, nextDueInMs } from '#/services/sync/due-lanes.ts';
import { useDatabase } from '../../support/database.ts';
import { nodeEnvironment } from '../../support/node-under-test.ts';
import { statementsOf } from '../../support/statements.ts';

const database = useDatabase();
let node: ComposedNode;
let ctx: ServiceContext;
let connectionId: string;

beforeAll(async () => {
  const url = 'http://127.0.0.1:3999';
  const environment = nodeEnvironment({ databaseUrl: database.url, jiraUrl: 'http://127.0.0.1:9', name: 'Old' }, url);
  node = await composeNode(loadNodeSettings(environment), 'web');
  ctx = node.ctx;
});
afterAll(() => node?.close());

beforeEach(async () => {
  await ctx.db.connection.deleteMany();
  connectionId = await newConnection('active');
});

async function newConnection(status: 'active' | 'pending'): Promise<string> {
  const { id } = await ctx.db.connection.create({
    data: {
      id: randomUUID(),
      uid: randomUUID(),
      side: 'initiator',
      name: `Connection ${randomUUID()}`,
      type: 'public',
      status,
      projectId: '1',
      projectKey: 'TEST',
      projectName: 'Test',
      rules: {},
      createdBy: 'admin',
    },
  });
  return id;
}

async function newTwin(data: Partial<Parameters<typeof ctx.db.twin.create>[0]['data']> = {}): Promise<string> {
  const id = randomUUID();
  await ctx.db
    .$executeRaw`INSERT INTO twin (id, "connectionId", uid, "exalatedBy") VALUES (${id}::uuid, ${connectionId}::uuid, ${randomUUID()}::uuid, 'admin')`;
  await ctx.db.twin.update({ where: { id }, data });
  return id;
}

describe('pruning', () => {
  it('removes what is old, however much it is, keeps the rest, and holds no lock for long', async () => {
    const twinId = await newTwin();
    const pending = await newConnection('pending');
    await ctx.db.$executeRaw`
      INSERT INTO timeline_entry ("twinId", at, kind, data) SELECT ${twinId}::uuid, now() - interval '181 days', 'sent', '{}' FROM generate_series(1, 30000)`;
    await ctx.db.$executeRaw`
      INSERT INTO timeline_entry ("twinId", at, kind, data) SELECT ${twinId}::uuid, now() - interval '179 days', 'sent', '{}' FROM generate_series(1, 10)`;
    await ctx.db.$executeRaw`
      INSERT INTO replayed_token (jti, "expiresAt") SELECT 'old' || n, now() - interval '1 minute' FROM generate_series(1, 9000) n
      UNION ALL SELECT 'new' || n, now() + interval '1 minute' FROM generate_series(1, 10) n`;
    await ctx.db.$executeRaw`
      INSERT INTO sync_error (id, impact, code, summary, detail, fingerprint, "resolvedAt")
      SELECT gen_random_uuid(), 'issue', 'internal', '', '', n::text, CASE WHEN n > 20 THEN now() - interval '31 days' WHEN n > 10 THEN now() END FROM generate_series(1, 5000) n`;
    await ctx.db.$executeRaw`
      INSERT INTO audit_entry (at, actor, verb, target) SELECT now() - CASE WHEN n > 6000 THEN interval '2 years' ELSE interval '37 months' END, 'admin', 'exalate', '' FROM generate_series(1, 6010) n`;
    for (const [connection, days] of [
      [connectionId, 31],
      [pending, 31],
    ] as const)
      await ctx.db.$executeRaw`
        INSERT INTO invitation (id, "connectionId", "secretHash", "expiresAt") VALUES (gen_random_uuid(), ${connection}::uuid, ${connection}, now() - make_interval(days => ${days}))`;

    const statements = await statementsOf(() => prune(ctx));

    expect(await ctx.db.timelineEntry.count()).toBe(10);
    expect(await ctx.db.replayedToken.count()).toBe(10);
    expect(await ctx.db.syncError.count()).toBe(20);
    expect(await ctx.db.syncError.count({ where: { resolvedAt: null } })).toBe(10);
    expect(await ctx.db.auditEntry.count()).toBe(10);
    expect(await ctx.db.invitation.findMany({ select: { connectionId: true } })).toEqual([{ connectionId: pending }]);
    // Each batch is a statement of its own, outside of any transaction.
    const batches = statements.filter(({ text }) => /^\s*DELETE FROM timeline_entry/.test(text));
    expect(batches.length).toBeGreaterThanOrEqual(15);
    expect(statements.filter(({ text }) => /^BEGIN/i.test(text))).toEqual([]);
  });
});

describe('the activity of the charts', () => {
  const total = async (of: string | null = null): Promise<number> =>
    (await activity(ctx.db, 'daily', of)).reduce((sum, { value }) => sum + value, 0);
  const happen = (twinId: string, count: number, ago: string): Promise<number> => ctx.db.$executeRaw`
    INSERT INTO timeline_entry ("twinId", at, kind, data)
    SELECT ${twinId}::uuid, now() - ${ago}::interval, (ARRAY['sent', 'conflict'])[1 + n % 2], '{}' FROM generate_series(1, ${count}::int) n`;

  beforeEach(async () => {
    await ctx.db.$executeRaw`UPDATE node SET "activityUntil" = NULL`;
  });

  it('is the same before and after it is counted, and counted once by workers that do it at the same time', async () => {
    const twinId = await newTwin();
    await happen(twinId, 200, '3 days');
    await happen(twinId, 20, '10 minutes');
    await happen(twinId, 8, '1 minute');
    expect(await total()).toBe(114);
    await Promise.all(Array.from({ length: 5 }, () => rollUpActivity(ctx)));
    expect(await total()).toBe(114);
    expect(await total(connectionId)).toBe(114);
    expect(await ctx.db.activityDay.aggregate({ _sum: { count: true } })).toEqual({ _sum: { count: 110 } });
    await happen(twinId, 6, '5 seconds');
    await rollUpActivity(ctx);
    expect(await total()).toBe(117);
  });

  it('outlives the timeline, and is told by connection', async () => {
    await happen(await newTwin(), 10, '2 days');
    await rollUpActivity(ctx);
    await ctx.db.timelineEntry.deleteMany();
    expect(await total(connectionId)).toBe(5);
    expect(await total(await newConnection('active'))).toBe(0);
  });

  it('costs no write while nothing happens', async () => {
    await happen(await newTwin(), 10, '2 days');
    await rollUpActivity(ctx);
    const statements = await statementsOf(() => rollUpActivity(ctx));
    expect(statements.filter(({ text }) => /\b(insert|update)\b/i.test(text))).toEqual([]);
  });
});

describe('lanes that are due', () => {
  const ago = (ms: number): Date => new Date(Date.now() - ms);

  it('come by priority, then by how long they wait; what is owned or due later does not', async () => {
    const bulkOld = await newTwin({ priority: 10, wakeAt: ago(60_000) });
    const begun = await newTwin({ priority: 9, wakeAt: ago(1_000) });
    const single = await newTwin({ priority: 0, wakeAt: ago(500) });
    const singleOld = await newTwin({ priority: 0, wakeAt: ago(5_000) });
    await newTwin({ priority: 0, wakeAt: ago(5_000), leaseUntil: ago(-20_000) });
    await newTwin({ priority: 0, wakeAt: ago(-60_000) });
    await newTwin({ priority: 3 });
    expect(await dueLanes(ctx, 10)).toEqual([singleOld, single, begun, bulkOld]);
    expect(await dueLanes(ctx, 2)).toEqual([singleOld, single]);
    expect(await nextDueInMs(ctx, 400)).toBe(50);
  });

  it('include one that a dead worker left, whether or not it was woken since', async () => {
    const left = await newTwin({ leaseUntil: ago(1_000) });
    const woken = await newTwin({ leaseUntil: ago(1_000), wakeAt: ago(100) });
    expect((await dueLanes(ctx, 10)).toSorted()).toEqual([left, woken].toSorted());
  });

  it('are told beforehand, whatever their priority', async () => {
    expect(await nextDueInMs(ctx, 400)).toBe(400);
    await newTwin({ priority: 10, wakeAt: ago(-5_000) });
    await newTwin({ priority: 10, wakeAt: ago(-4_000) });
    await newTwin({ priority: 0, wakeAt: ago(-30_000) });
    const inMs = await nextDueInMs(ctx, 60_000);
    expect(inMs).toBeGreaterThan(2_000);
    expect(inMs).toBeLessThanOrEqual(4_000);
  });
});
