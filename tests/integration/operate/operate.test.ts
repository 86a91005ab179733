import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { composeNode } from '#/composition.ts';
import { Fault } from '#/engine/fault/faults.ts';
import { loadNodeSettings } from '#/env.ts';
import { metricsText } from '#/server/metrics.ts';
import { listAudit } from '#/services/audit/list-audit.ts';
import { cancelRun } from '#/services/bulk/cancel-run.ts';
import { getRun } from '#/services/bulk/get-run.ts';
import { previewBulkConnect } from '#/services/bulk/preview-bulk-connect.ts';
import { startBulkConnect } from '#/services/bulk/start-bulk-connect.ts';
import { startBulkExalate } from '#/services/bulk/start-bulk-exalate.ts';
import { asActor } from '#/services/context.ts';
import { dashboard } from '#/services/dashboard/dashboard.ts';
import { listErrors } from '#/services/error/list-errors.ts';
import { recordFault } from '#/services/error/record-fault.ts';
import { retryAllErrors } from '#/services/error/retry-all-errors.ts';
import { retryError } from '#/services/error/retry-error.ts';
import { errorsCsv, triggersCsv } from '#/services/export/list-csv.ts';
import { prune } from '#/services/node/prune.ts';
import { searchConsole } from '#/services/palette/search-console.ts';
import { createTrigger } from '#/services/trigger/create-trigger.ts';
import { setTriggerActive } from '#/services/trigger/set-trigger-active.ts';
import { exalateIssue } from '#/services/twin/exalate-issue.ts';
import { nodeEnvironment } from '../../support/node-under-test.ts';
import { usePair } from '../../support/pair.ts';
import { waitFor } from '../../support/wait-for.ts';

const pair = usePair();

async function newIssue(company: 'a' | 'b' = 'a', fields: Record<string, unknown> = {}): Promise<string> {
  const { json } = await pair[company].rest('POST', '/issue', {
    fields: { project: { key: 'TEST' }, issuetype: { name: 'Task' }, summary: 'One of many', ...fields },
  });
  return (json as { key: string }).key;
}

async function textOf(chunks: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) text += chunk;
  return text;
}

describe('a bulk run that is cancelled', () => {
  it('still counts what was under way, and leaves nothing as "under way" for ever', async () => {
    for (let i = 0; i < 6; i += 1) await newIssue('a', { labels: ['cancelled'] });
    const { triggerId } = await createTrigger(pair.a.ctx, {
      connectionId: pair.a.connectionId,
      jql: 'labels = cancelled',
      active: false,
    });
    // The other side is slow, so that the run is cancelled while its issues are being created there.
    await pair.b.jira.control.addFault({ kind: 'latency', ms: 800 });
    const { runId } = await startBulkExalate(pair.a.ctx, { triggerId });
    await waitFor('all rows to be under way', async () => {
      const working = await pair.a.ctx.db.bulkItem.count({ where: { runId, outcome: 'working' } });
      return working === 6;
    });
    await cancelRun(pair.a.ctx, { runId });
    await pair.b.jira.control.clearFaults();
    const run = await waitFor(
      'the rows to be settled',
      async () => {
        const now = await getRun(pair.a.ctx, { runId });
        return now.progress.done === 6 ? now : null;
      },
      { timeoutMs: 30_000 },
    );
    expect(run).toMatchObject({ status: 'cancelled', progress: { done: 6, total: 6, failed: 0 } });
    expect(await pair.a.ctx.db.bulkItem.count({ where: { runId, outcome: 'working' } })).toBe(0);
  });
});

describe('the preview of Bulk Connect', () => {
  it('knows an issue by the key that it had before it was moved, and connects it', async () => {
    await pair.a.jira.control.createProject({ key: 'MOVED', name: 'Moved' });
    const old = await newIssue('a', { summary: 'Moved meanwhile' });
    const there = await newIssue('b');
    const { key: now } = await pair.a.jira.control.moveIssue({ key: old, project: 'MOVED' });
    const text = `${old},${there}\n${now},TEST-9999\nTEST-77777,TEST-9998\n`;
    const { rows } = await previewBulkConnect(pair.a.ctx, { connectionId: pair.a.connectionId, text });
    expect(rows).toMatchObject([
      { localKey: old, localKeyNow: now, problem: null },
      { problem: `${now} is already in line 1.` },
      { problem: 'TEST-77777 does not exist here, or the proxy user may not see it.' },
    ]);
    const { runId } = await startBulkConnect(pair.a.ctx, {
      connectionId: pair.a.connectionId,
      rows: [{ localKey: old, remoteKey: there }],
    });
    await waitFor('the pair', async () => (await getRun(pair.a.ctx, { runId })).progress.done === 1, {
      timeoutMs: 25_000,
    });
    expect((await pair.b.issue(there)).summary).toBe('Moved meanwhile');
  });
});

describe('the audit log', () => {
  it('says of a trigger that was switched which query and connection it has', async () => {
    const jql = 'labels = audited';
    const { triggerId } = await createTrigger(pair.a.ctx, { connectionId: pair.a.connectionId, jql, active: false });
    await setTriggerActive(pair.a.ctx, { triggerId, active: true });
    await setTriggerActive(pair.a.ctx, { triggerId, active: false });
    const { rows } = await listAudit(pair.a.ctx, {});
    for (const what of ['Activated a trigger', 'Deactivated a trigger']) {
      const row = rows.find((one) => one.what === what);
      expect(row?.target).not.toBe('');
      expect(row?.details).toContainEqual({ name: 'Query', value: jql });
    }
  });
});

describe('old bulk runs', () => {
  it('are removed with their rows; younger ones and those under way stay', async () => {
    const { db } = pair.a.ctx;
    const run = (endedAt: Date | null) => ({
      id: randomUUID(),
      kind: 'connect',
      status: endedAt === null ? 'running' : 'done',
      connectionId: pair.a.connectionId,
      subject: 'old',
      startedBy: 'admin',
      nextStepAt: new Date(Date.now() + 3_600_000),
      endedAt,
    });
    const days = (count: number): Date => new Date(Date.now() - count * 86_400_000);
    const [old, young, open] = [run(days(91)), run(days(89)), run(null)];
    await db.bulkRun.createMany({ data: [old, young, open] });
    await db.bulkItem.createMany({
      data: [old, young].flatMap(({ id }) =>
        Array.from({ length: 50 }, (_one, i) => ({ runId: id, subject: `${i}`, outcome: 'done' })),
      ),
    });
    await waitFor('the pruning', async () => {
      await prune(pair.a.ctx);
      return (await db.bulkRun.count({ where: { id: old.id } })) === 0;
    });
    expect(await db.bulkItem.count({ where: { runId: old.id } })).toBe(0);
    expect(await db.bulkItem.count({ where: { runId: young.id } })).toBe(50);
    expect(await db.bulkRun.count({ where: { id: { in: [young.id, open.id] } } })).toBe(2);
    await db.bulkRun.deleteMany({ where: { subject: 'old' } });
  });
});

describe('errors', () => {
  it('that are equal are one row with count, first and last time; resolved ones come back as a new one', async () => {
    const scope = { twinId: null, connectionId: pair.a.connectionId };
    await Promise.all(
      Array.from({ length: 10 }, (_one, i) =>
        recordFault(pair.a.ctx, new Fault('partner_refuses', `detail ${i}`), scope),
      ),
    );
    const mine = async (resolved: boolean) =>
      (await listErrors(pair.a.ctx, { resolved })).rows.filter(({ code }) => code === 'partner_refuses');
    const [row, ...others] = await mine(false);
    expect(others).toEqual([]);
    expect(row).toMatchObject({ count: 10, connection: { id: pair.a.connectionId } });
    expect(row?.lastAt.getTime()).toBeGreaterThanOrEqual(row?.firstAt.getTime() ?? Infinity);
    await pair.a.ctx.db.syncError.updateMany({
      where: { code: 'partner_refuses' },
      data: { resolvedAt: new Date(), resolvedBy: 'admin' },
    });
    await recordFault(pair.a.ctx, new Fault('partner_refuses', 'again'), scope);
    expect(await mine(false)).toMatchObject([{ count: 1 }]);
    expect(await mine(true)).toMatchObject([{ count: 10 }]);
    await pair.a.ctx.db.syncError.deleteMany({ where: { code: 'partner_refuses' } });
  });

  it('after an outage are retried by one action, however many they are', async () => {
    const { db } = pair.a.ctx;
    // More than one page, and more than are called at once.
    const keys = 620;
    const twins = Array.from({ length: keys }, (_one, i) => ({
      id: randomUUID(),
      uid: randomUUID(),
      connectionId: pair.a.connectionId,
      localIssueKey: `OUT-${i}`,
      localIssueId: `9${i}`,
      status: 'error' as const,
      errorCode: 'jira_invalid',
      attempts: 3,
      exalatedBy: 'admin',
      leaseOwner: 'test',
      leaseUntil: new Date(Date.now() + 600_000),
    }));
    await db.twin.createMany({ data: twins });
    await db.syncError.createMany({
      data: twins.map(({ id }) => ({
        id: randomUUID(),
        impact: 'issue',
        code: 'jira_invalid',
        summary: 'x',
        detail: 'x',
        connectionId: pair.a.connectionId,
        twinId: id,
        fingerprint: randomUUID(),
      })),
    });
    expect((await retryAllErrors(pair.a.ctx)).retried).toBe(keys);
    const ids = twins.map(({ id }) => id);
    expect(await db.twin.count({ where: { id: { in: ids }, wakeAt: { lte: new Date() } } })).toBe(keys);
    await db.twin.deleteMany({ where: { id: { in: ids } } });
  });

  it('are cured by a retry from the console’s process, which the worker’s memory of Jira must not spoil', async () => {
    const { b } = pair;
    const options = { databaseUrl: b.databaseUrl, jiraUrl: b.jira.url, name: 'Company B' };
    const web = await composeNode(loadNodeSettings(nodeEnvironment(options, b.node.url)), 'web');
    try {
      const demand = { project: 'TEST', add: ['environment'], require: ['environment'] };
      await b.jira.control.setScreen(demand);
      b.ctx.jira().forgetCaches();
      const key = await newIssue();
      await exalateIssue(pair.a.ctx, { connectionId: pair.a.connectionId, issueKey: key });
      const error = await waitFor('the error', () =>
        b.ctx.db.syncError.findFirst({ where: { code: 'required_fields', resolvedAt: null } }),
      );
      await b.jira.control.setScreen({ project: 'TEST', unrequire: ['environment'] });
      await retryError(asActor(web.ctx, { kind: 'admin', name: 'admin', displayName: 'Admin' }), { id: error.id });
      await waitFor('the error to be cured', async () => {
        const now = await b.ctx.db.syncError.findUniqueOrThrow({ where: { id: error.id } });
        return now.resolvedBy === 'sync';
      });
    } finally {
      await web.close();
    }
  });

  it('and triggers are exported with texts that no spreadsheet runs', async () => {
    const formulas = ['=1+1', '+1', '-1', '@SUM(A1)'];
    for (const notes of formulas)
      await createTrigger(pair.a.ctx, { connectionId: pair.a.connectionId, jql: 'labels = csv', notes, active: false });
    const triggers = await textOf((await triggersCsv(pair.a.ctx, { connectionId: '' })).chunks);
    for (const notes of formulas) expect(triggers).toContain(`"'${notes}"`);
    expect(triggers).not.toMatch(/(^|,)"?[=+@-]/m);
    await recordFault(pair.a.ctx, new Fault('trigger_failed', 'x'), {
      twinId: null,
      connectionId: pair.a.connectionId,
    });
    const errors = await textOf((await errorsCsv(pair.a.ctx, { resolved: false })).chunks);
    expect(errors).toContain('A trigger could not be evaluated.');
    expect(errors).toContain('Correct the query of the trigger');
    await pair.a.ctx.db.syncError.deleteMany();
  });
});

describe('metrics', () => {
  it('have durations of lanes, deliveries and Jira requests of all processes, with few label values', async () => {
    const key = await newIssue();
    await pair.sync(key);
    const text = await waitFor(
      'counts of the worker to be stored',
      async () => {
        const { text: now } = await metricsText(pair.a.ctx);
        return /exalate_delivery_duration_seconds_count [1-9]/.test(now) ? now : null;
      },
      { timeoutMs: 20_000 },
    );
    expect(text).toMatch(/exalate_lane_duration_seconds_count\{outcome="done"\} [1-9]/);
    expect(text).toMatch(/exalate_jira_request_duration_seconds_bucket\{method="GET",outcome="ok",le="\+Inf"\} [1-9]/);
    expect(text).not.toContain(key);
    const durations = text.split('\n').filter((line) => /^exalate_(lane|delivery|jira_request)_duration/.test(line));
    const labels = new Set(
      durations.flatMap((line) => [...line.matchAll(/[{,](?:method|outcome)="([^"]*)"/g)].map(([, label]) => label)),
    );
    for (const label of labels)
      expect('GET POST PUT DELETE ok refused rate_limited failed no_answer done later busy').toContain(label);
    // Prometheus demands that buckets never fall.
    for (const [, series] of text.matchAll(/^(exalate_lane_duration_seconds_bucket\{outcome="done",.*)$/gm)) {
      expect(series).toMatch(/le="[\d.]+|\+Inf"\} \d+$/);
    }
    const counts = [
      ...text.matchAll(/^exalate_lane_duration_seconds_bucket\{outcome="done",le="[^"]*"\} (\d+)$/gm),
    ].map((found) => Number(found[1]));
    expect(counts).toHaveLength(14);
    expect(counts).toEqual(counts.toSorted((a, b) => a - b));
  });

  it('and the dashboard’s latency is how long deliveries took', async () => {
    await pair.sync(await newIssue());
    const { latency } = await dashboard(pair.a.ctx, { period: 'daily' });
    expect(latency?.median).toBeGreaterThan(0);
    expect(latency?.p95).toBeGreaterThanOrEqual(latency?.median ?? Infinity);
    expect(latency?.p95).toBeLessThan(60_000);
  });
});

describe('the command palette', () => {
  it('finds pairs by either key, and connections by part of their name, taking no character as a wildcard', async () => {
    const key = await newIssue();
    const twin = await pair.sync(key);
    const { pairs } = await searchConsole(pair.a.ctx, { text: ` ${key.toLowerCase()} ` });
    expect(pairs).toMatchObject([{ keys: `${key} ⇄ ${twin}`, status: 'Synchronized' }]);
    expect((await searchConsole(pair.a.ctx, { text: 'TEST-987654' })).pairs).toEqual([]);
    expect((await searchConsole(pair.a.ctx, { text: 'dashboard' })).pairs).toBeNull();
    const { name } = await pair.a.ctx.db.connection.findFirstOrThrow();
    expect((await searchConsole(pair.a.ctx, { text: name.slice(2).toUpperCase() })).connections).toHaveLength(1);
    for (const text of ['%', '_', '\\'])
      expect((await searchConsole(pair.a.ctx, { text })).connections).toHaveLength(name.includes(text) ? 1 : 0);
    await expect(searchConsole(pair.a.node.node.ctx, { text: 'x' })).rejects.toMatchObject({ code: 'forbidden' });
  });
});
