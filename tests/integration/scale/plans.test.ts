/** What the console and the workers ask the database, at a size where reading a whole table would be noticed. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeNode } from '#/composition.ts';
import type { ComposedNode } from '#/composition.ts';
import { loadNodeSettings } from '#/env.ts';
import { twinStatuses } from '#/engine/twin/status.ts';
import { listAudit } from '#/services/audit/list-audit.ts';
import { failedRowsCsv, runPairsCsv } from '#/services/bulk/failed-rows-csv.ts';
import { getRun } from '#/services/bulk/get-run.ts';
import { listRuns } from '#/services/bulk/list-runs.ts';
import { cleanUpPreview } from '#/services/clean-up/clean-up-preview.ts';
import { sweepEndedPairs } from '#/services/clean-up/clean-pair.ts';
import { pairsCsv } from '#/services/clean-up/pairs-csv.ts';
import { getConnection } from '#/services/connection/get-connection.ts';
import { listConnections } from '#/services/connection/list-connections.ts';
import { asActor } from '#/services/context.ts';
import type { ServiceContext } from '#/services/context.ts';
import { periods } from '#/services/dashboard/activity.ts';
import { connectionStatistics } from '#/services/dashboard/connection-statistics.ts';
import { dashboard } from '#/services/dashboard/dashboard.ts';
import { gauges } from '#/services/dashboard/gauges.ts';
import { setUpProgress } from '#/services/dashboard/progress.ts';
import { rollUpActivity } from '#/services/dashboard/roll-up-activity.ts';
import { listErrors } from '#/services/error/list-errors.ts';
import { retryError } from '#/services/error/retry-error.ts';
import { runResultCsv } from '#/services/export/run-result-csv.ts';
import { searchConsole } from '#/services/palette/search-console.ts';
import { nodeOverview } from '#/services/node/overview.ts';
import { prune } from '#/services/node/prune.ts';
import { countQueue } from '#/services/queue/count-queue.ts';
import { listQueue, queueSorts } from '#/services/queue/list-queue.ts';
import { queueItem } from '#/services/queue/queue-item.ts';
import { queueTabs } from '#/services/queue/tabs.ts';
import { nodeHealth } from '#/services/settings/node-health.ts';
import { projectChecks } from '#/services/settings/project-checks.ts';
import { capture } from '#/services/sync/capture.ts';
import { dueLanes, lanesAreBusy, nextDueInMs } from '#/services/sync/due-lanes.ts';
import { hintIssues } from '#/services/sync/hints.ts';
import { runLane } from '#/services/sync/run-lane.ts';
import { twinsAfter } from '#/services/sync/twins-in-order.ts';
import { neverUnderSync } from '#/services/trigger/never-under-sync.ts';
import { listTriggers } from '#/services/trigger/list-triggers.ts';
import { listTwins } from '#/services/twin/list-twins.ts';
import { queuedWork } from '#/services/twin/queued-work.ts';
import { syncStatus } from '#/services/twin/sync-status.ts';
import { verifyStatus } from '#/services/verify/verify-status.ts';
import { seedScale } from '../../../scripts/lib/seed/seed-scale.ts';
import { startSimulator } from '../../../simulator/index.ts';
import type { Simulator } from '../../../simulator/index.ts';
import { useDatabase } from '../../support/database.ts';
import { nodeEnvironment } from '../../support/node-under-test.ts';
import { type Statement, statementsOf, tablesScanned } from '../../support/statements.ts';

const twins = 20_000;
const bigTables = [
  'twin',
  'comment_trace',
  'attachment_trace',
  'timeline_entry',
  'sync_event',
  'sync_request',
  'sync_error',
  'audit_entry',
  'bulk_item',
  'replayed_token',
];

const database = useDatabase();
const url = 'http://127.0.0.1:3999';
let jira: Simulator;
let node: ComposedNode;
let ctx: ServiceContext;
let client: pg.Client;
/** Of the largest connection, of one of its twins with everything, and of others. */
let ids: { connection: string; twin: string; error: string; run: string; event: string; issues: string[] };

beforeAll(async () => {
  await seedScale({ databaseUrl: database.url, twins, exalateUrl: url });
  jira = await startSimulator({ port: 0, seed: 'company-a' });
  node = await composeNode(
    loadNodeSettings(nodeEnvironment({ databaseUrl: database.url, jiraUrl: jira.url, name: 'Scale' }, url)),
    'web',
  );
  ctx = asActor(node.ctx, { kind: 'admin', name: 'admin', displayName: 'Admin' });
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const one = async (sql: string): Promise<string> => (await client.query<{ id: string }>(sql)).rows[0]?.id ?? '';
  const connection = await one(`SELECT "connectionId" AS id FROM twin GROUP BY 1 ORDER BY count(*) DESC LIMIT 1`);
  const issues = (await jira.control.dump()).map(({ id }) => id);
  ids = {
    connection,
    twin: await one(
      `SELECT id FROM twin WHERE "localIssueId" IN ('${issues.join("', '")}') AND status = 'synchronized' LIMIT 1`,
    ),
    error: await one(`SELECT id FROM sync_error WHERE "resolvedAt" IS NULL AND "twinId" IS NOT NULL LIMIT 1`),
    run: await one(`SELECT id FROM bulk_run ORDER BY total DESC LIMIT 1`),
    event: await one(`SELECT id FROM sync_event LIMIT 1`),
    issues,
  };
}, 120_000);

afterAll(async () => {
  await client?.end();
  await node?.close();
  await jira?.stop();
});

/** Which big tables are read from end to end, with the statement that does it. */
async function scans(run: () => Promise<unknown>): Promise<string[]> {
  const statements = await statementsOf(run);
  expect(statements.length).toBeGreaterThan(0);
  const distinct = new Map<string, Statement>(statements.map((one) => [one.text, one]));
  const found: string[] = [];
  for (const statement of distinct.values())
    for (const table of await tablesScanned(client, statement))
      if (bigTables.includes(table)) found.push(`${table}: ${statement.text.replace(/\s+/g, ' ').trim()}`);
  return found;
}

/** The first page and the one after it. */
async function twoPages(list: (cursor?: string) => Promise<{ nextCursor: string | null }>): Promise<void> {
  const { nextCursor } = await list();
  if (nextCursor !== null) await list(nextCursor);
}

async function drain({ chunks }: { chunks: AsyncIterable<string> }): Promise<void> {
  let characters = 0;
  for await (const chunk of chunks) characters += chunk.length;
  expect(characters).toBeGreaterThan(0);
}

const key = 'P1-1600';

describe('with many issues no list reads a whole table', () => {
  it('twins: all, by connection, by status, by both, by key', async () => {
    const found = await scans(async () => {
      const { connection: connectionId } = ids;
      await twoPages((cursor) => listTwins(ctx, { cursor }));
      await twoPages((cursor) => listTwins(ctx, { connectionId, cursor }));
      for (const status of twinStatuses) {
        await twoPages((cursor) => listTwins(ctx, { status, cursor }));
        await twoPages((cursor) => listTwins(ctx, { connectionId, status, cursor }));
      }
      await listTwins(ctx, { key });
      await listTwins(ctx, { key, connectionId, status: 'synchronized' });
    });
    expect(found).toEqual([]);
  });

  it('one twin with its timeline', async () => {
    const { twin: twinId } = ids;
    expect(await scans(() => Promise.all([syncStatus(ctx, { twinId }), queuedWork(ctx, { twinId })]))).toEqual([]);
  });

  it.each(queueTabs)('the queue: %s in every order, with every filter', async (tab) => {
    const found = await scans(async () => {
      const { connection: connectionId } = ids;
      for (const sort of queueSorts)
        for (const descending of [false, true]) {
          await twoPages((cursor) => listQueue(ctx, { tab, sort, descending, cursor }));
          await twoPages((cursor) => listQueue(ctx, { tab, sort, descending, connectionId, cursor }));
        }
      await listQueue(ctx, { tab, localKey: key });
      await listQueue(ctx, { tab, remoteKey: 'R1-1600', sort: 'connection' });
      await queueItem(ctx, { tab, id: ids.event });
    });
    expect(found).toEqual([]);
  });

  it('errors and the audit log', async () => {
    const found = await scans(async () => {
      await twoPages((cursor) => listErrors(ctx, { cursor }));
      await twoPages((cursor) => listErrors(ctx, { resolved: true, cursor }));
      await twoPages((cursor) => listAudit(ctx, { cursor }));
      await twoPages((cursor) => listAudit(ctx, { actor: 'jane', cursor }));
      await listAudit(ctx, { actor: 'nobody' });
      await retryError(ctx, { id: ids.error });
    });
    expect(found).toEqual([]);
  });

  it('connections, triggers, bulk runs, clean-up and their files', async () => {
    const found = await scans(async () => {
      const { connection: connectionId, run: runId } = ids;
      await listConnections(ctx);
      await getConnection(ctx, { id: connectionId });
      await connectionStatistics(ctx, { connectionId });
      await listTriggers(ctx);
      await listTriggers(ctx, { connectionId });
      await listRuns(ctx);
      await listRuns(ctx, { kind: 'connect' });
      await getRun(ctx, { runId });
      await cleanUpPreview(ctx, { connectionId });
      await cleanUpPreview(ctx, { issueKey: key });
      await drain(await failedRowsCsv(ctx, { runId }));
      await drain(await runPairsCsv(ctx, { runId }));
      await drain(await runResultCsv(ctx, { runId }));
      await drain(await pairsCsv(ctx, { connectionId }));
    });
    expect(found).toEqual([]);
  });

  it('the frame of every page, dashboard, settings, health and metrics', async () => {
    const found = await scans(async () => {
      await nodeOverview(ctx);
      await nodeHealth(ctx);
      for (const period of periods) await dashboard(ctx, { period });
      await gauges(ctx);
      await countQueue(ctx.db);
      await setUpProgress(ctx);
      await verifyStatus(ctx);
      await projectChecks(ctx);
      await searchConsole(ctx, { text: key });
    });
    expect(found).toEqual([]);
  });
});

describe('with many issues the workers read only what they work on', () => {
  it('when they look for what is due, poll Jira, and keep house', async () => {
    const found = await scans(async () => {
      await dueLanes(ctx, 50);
      await nextDueInMs(ctx, 400);
      await lanesAreBusy(ctx);
      await hintIssues(ctx, ids.issues);
      await capture(ctx);
      await neverUnderSync(
        ctx,
        ids.connection,
        (await ctx.jira().search({ jql: 'ORDER BY key ASC', startAt: 0, maxResults: 50 })).hits,
      );
      await twinsAfter(ctx, null, 50);
      await sweepEndedPairs(ctx);
      await rollUpActivity(ctx);
      await prune(ctx);
    });
    expect(found).toEqual([]);
  });

  it('in the turn of a lane', async () => {
    await client.query(`UPDATE twin SET "wakeAt" = now(), "hintedAt" = now() WHERE id = $1`, [ids.twin]);
    const found = await scans(async () => expect(await runLane(ctx, ids.twin, 'test')).not.toBe('busy'));
    expect(found).toEqual([]);
  });
});

describe('the pages of the queue', () => {
  it.each(queueTabs)('%s: hold every row once, in order, whatever they are sorted by', async (tab) => {
    const all = (await countQueue(ctx.db))[tab];
    expect(all).toBeGreaterThan(50);
    for (const sort of queueSorts)
      for (const descending of [false, true]) {
        const seen: { id: string; by: string | number }[] = [];
        for (let cursor: string | undefined; ;) {
          const page = await listQueue(ctx, { tab, sort, descending, cursor });
          for (const row of page.rows) {
            const { seq, number, status, connection, kind, trace } = row;
            const text = { id: seq.padStart(20, '0'), status, connection: connection.name, kind, trace };
            seen.push({ id: row.id, by: sort === 'number' ? number : text[sort] });
          }
          if (page.nextCursor === null) break;
          cursor = page.nextCursor;
        }
        expect(new Set(seen.map(({ id }) => id)).size, `${sort} ${descending}`).toBe(all);
        expect(seen.length).toBe(all);
        const sorted = seen.toSorted((a, b) => (a.by < b.by ? -1 : a.by > b.by ? 1 : 0) * (descending ? -1 : 1));
        expect(seen.map(({ by }) => by)).toEqual(sorted.map(({ by }) => by));
      }
  });

  it('begin anew with a cursor that no page has given', async () => {
    const made = (parts: unknown): string => Buffer.from(JSON.stringify(parts)).toString('base64url');
    const first = await listQueue(ctx, { tab: 'outgoing-sync' });
    for (const cursor of ['x', made(['a', '', 'b']), made(['1', '', "1'; --"]), made({}), made(['', '', ids.twin])])
      expect((await listQueue(ctx, { tab: 'outgoing-sync', cursor })).rows).toEqual(first.rows);
    await listQueue(ctx, { tab: 'outgoing-sync', sort: 'number', cursor: made(['abc', '', '1']) });
    await listQueue(ctx, { tab: 'incoming-attachments', sort: 'trace', cursor: made(['abc', '', ids.twin]) });
  });
});

describe('this test', () => {
  it.each([
    ['twin_list', () => gauges(ctx)],
    ['sync_error_resolved', () => listErrors(ctx, { resolved: true })],
    ['timeline_entry_at_idx', () => dashboard(ctx, { period: 'daily' })],
    ['sync_event_by_kind', () => listQueue(ctx, { tab: 'outgoing-sync', sort: 'kind' })],
    ['attachment_incoming', () => countQueue(ctx.db)],
    ['audit_entry_actor_id_idx', () => listAudit(ctx, { actor: 'nobody' })],
  ])('notices that the index %s is missing', async (index, run) => {
    const { rows } = await client.query<{ definition: string }>('SELECT pg_get_indexdef($1::regclass) AS definition', [
      `"${index}"`,
    ]);
    await client.query(`DROP INDEX "${index}"`);
    try {
      expect(await scans(run)).not.toEqual([]);
    } finally {
      await client.query(rows[0]?.definition ?? '');
    }
  });
});
