import { describe, expect, it } from 'vitest';
import { setConnectionActive } from '#/services/connection/set-connection-active.ts';
import { capture } from '#/services/sync/capture.ts';
import { bulkStep } from '#/services/bulk/bulk-step.ts';
import { cancelRun } from '#/services/bulk/cancel-run.ts';
import { failedRowsCsv } from '#/services/bulk/failed-rows-csv.ts';
import { getRun } from '#/services/bulk/get-run.ts';
import type { RunDetail } from '#/services/bulk/get-run.ts';
import { listRuns } from '#/services/bulk/list-runs.ts';
import { startBulkExalate } from '#/services/bulk/start-bulk-exalate.ts';
import { startBulkUnexalate } from '#/services/bulk/start-bulk-unexalate.ts';
import { createTrigger } from '#/services/trigger/create-trigger.ts';
import { listTriggers } from '#/services/trigger/list-triggers.ts';
import { usePair } from '../../support/pair.ts';
import { waitFor } from '../../support/wait-for.ts';

const pair = usePair();

async function newIssue(fields: Record<string, unknown> = {}): Promise<string> {
  const { json } = await pair.a.rest('POST', '/issue', {
    fields: { project: { key: 'TEST' }, issuetype: { name: 'Task' }, summary: 'One of many', ...fields },
  });
  return (json as { key: string }).key;
}

const triggerFor = async (label: string): Promise<string> =>
  (await createTrigger(pair.a.ctx, { connectionId: pair.a.connectionId, jql: `labels = ${label}`, active: false }))
    .triggerId;

const ended = (runId: string): Promise<RunDetail> =>
  waitFor(
    'the run to end',
    async () => {
      const run = await getRun(pair.a.ctx, { runId });
      return run.endedAt === null ? null : run;
    },
    { timeoutMs: 25_000 },
  );

async function textOf(chunks: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) text += chunk;
  return text;
}

const underSync = (label: string) =>
  pair.a.jira.control.dump().then(async (issues) => {
    const keys = issues.filter((issue) => issue.labels.includes(label)).map((issue) => issue.key);
    return pair.a.ctx.db.twin.count({ where: { localIssueKey: { in: keys }, endedAt: null } });
  });

describe('Bulk Exalate', () => {
  it('puts every match under sync once, leaves the others alone, and counts', async () => {
    const triggerId = await triggerFor('bulk');
    for (let i = 0; i < 12; i += 1) await newIssue({ labels: ['bulk'], summary: `bulk ${i}` });
    const already = await newIssue({ labels: ['bulk'] });
    await pair.sync(already);
    const other = await newIssue();
    const before = (await pair.b.jira.control.dump()).length;
    const { runId } = await startBulkExalate(pair.a.ctx, { triggerId });
    const run = await ended(runId);
    expect(run).toMatchObject({ status: 'done', title: 'Bulk Exalate', counted: true, failures: [] });
    expect(run.progress).toEqual({ done: 13, total: 13, failed: 0, estimateSeconds: null });
    expect((await pair.b.jira.control.dump()).length).toBe(before + 12);
    expect(await pair.a.ctx.db.twin.count({ where: { localIssueKey: other } })).toBe(0);
    const priorities = await pair.a.ctx.db.twin.groupBy({ by: ['priority'], _count: true });
    expect(priorities.map(({ priority }) => priority)).toEqual([0]);
  });

  it('is one run however often it is started, and afterwards a new one that has nothing to do', async () => {
    const triggerId = await triggerFor('once');
    for (let i = 0; i < 3; i += 1) await newIssue({ labels: ['once'] });
    const started = await Promise.all(Array.from({ length: 5 }, () => startBulkExalate(pair.a.ctx, { triggerId })));
    expect(new Set(started.map(({ runId }) => runId)).size).toBe(1);
    expect(started.filter(({ already }) => !already)).toHaveLength(1);
    expect((await listTriggers(pair.a.ctx)).find(({ id }) => id === triggerId)?.run).toMatchObject({
      kind: 'exalate',
      total: 3,
    });
    await ended(started[0]?.runId ?? '');
    const before = (await pair.b.jira.control.dump()).length;
    const again = await startBulkExalate(pair.a.ctx, { triggerId });
    expect(again.already).toBe(false);
    expect((await ended(again.runId)).progress).toMatchObject({ done: 3, failed: 0 });
    expect((await pair.b.jira.control.dump()).length).toBe(before);
  });

  it('looks again at what is under sync: a change that nobody noticed goes over', async () => {
    const triggerId = await triggerFor('recheck');
    const key = await newIssue({ labels: ['recheck'] });
    const twin = await pair.sync(key);
    // No webhook comes, and polling is made to believe that the issue has been read since.
    await pair.a.jira.control.setWebhookFaults({ lost: 1 });
    await pair.a.ctx.db.twin.updateMany({
      where: { localIssueKey: key },
      data: { localReadAt: new Date(Date.now() + 3_600_000) },
    });
    await pair.a.rest('PUT', `/issue/${key}`, { fields: { summary: 'not noticed' } });
    await waitFor('a poll', async () => (await capture(pair.a.ctx)) !== null);
    expect((await pair.b.issue(twin)).summary).not.toBe('not noticed');
    const { runId } = await startBulkExalate(pair.a.ctx, { triggerId });
    await ended(runId);
    await waitFor('the change', async () => (await pair.b.issue(twin)).summary === 'not noticed');
  });

  it('names what failed, goes on with the rest, and gives the failures as CSV', async () => {
    const triggerId = await triggerFor('some');
    const good = await newIssue({ labels: ['some'] });
    const bad = await newIssue({ labels: ['some'], issuetype: { name: 'Story' } });
    await pair.b.jira.control.setScreen({
      project: 'TEST',
      type: 'Story',
      add: ['environment'],
      require: ['environment'],
    });
    pair.b.ctx.jira().forgetCaches();
    const { runId } = await startBulkExalate(pair.a.ctx, { triggerId });
    const run = await ended(runId);
    await pair.b.jira.control.setScreen({ project: 'TEST', type: 'Story', unrequire: ['environment'] });
    pair.b.ctx.jira().forgetCaches();
    expect(run.progress).toMatchObject({ done: 1, failed: 1, total: 2 });
    expect(run.failures).toEqual([
      { localKey: bad, remoteKey: null, error: expect.stringContaining('demands fields') as string },
    ]);
    const csv = await failedRowsCsv(pair.a.ctx, { runId });
    const text = await textOf(csv.chunks);
    expect(text.split('\r\n')[0]).toBe('local key,remote key,error');
    expect(text).toContain(`${bad},,`);
    expect(text).not.toContain(good);
  });

  it('is cancelled, and says when its connection is off instead of failing', async () => {
    const triggerId = await triggerFor('later');
    await newIssue({ labels: ['later'] });
    const started = await startBulkExalate(pair.a.ctx, { triggerId });
    await setConnectionActive(pair.a.ctx, { id: pair.a.connectionId, active: false });
    await expect(startBulkExalate(pair.a.ctx, { triggerId })).rejects.toMatchObject({ code: 'conflict' });
    await pair.a.ctx.db.bulkRun.updateMany({
      where: { id: started.runId, endedAt: null },
      data: { nextStepAt: new Date() },
    });
    const run = await waitFor('a word', async () => {
      const seen = await getRun(pair.a.ctx, { runId: started.runId });
      return seen.waitingFor !== null || seen.endedAt !== null ? seen : null;
    });
    if (run.endedAt === null) expect(run.waitingFor).toContain('is not active');
    await cancelRun(pair.a.ctx, { runId: started.runId });
    const after = await getRun(pair.a.ctx, { runId: started.runId });
    expect(['cancelled', 'done']).toContain(after.status);
    expect(after.endedAt).not.toBeNull();
    await setConnectionActive(pair.a.ctx, { id: pair.a.connectionId, active: true });
    await pair.quiet();
  });
});

describe('Bulk Unexalate', () => {
  it('takes all matches out of sync, leaves the content, and an active trigger does not put them back', async () => {
    const triggerId = await triggerFor('leave');
    for (let i = 0; i < 5; i += 1) await newIssue({ labels: ['leave'] });
    await ended((await startBulkExalate(pair.a.ctx, { triggerId })).runId);
    expect(await underSync('leave')).toBe(5);
    const before = (await pair.b.jira.control.dump()).length;
    const run = await ended((await startBulkUnexalate(pair.a.ctx, { triggerId })).runId);
    expect(run.progress).toMatchObject({ done: 5, failed: 0, total: 5 });
    expect(await underSync('leave')).toBe(0);
    await pair.quiet();
    expect((await pair.b.jira.control.dump()).length).toBe(before);
    expect(await pair.b.ctx.db.twin.count({ where: { status: 'unexalated' } })).toBeGreaterThanOrEqual(5);
  });
});

describe('a bulk run', () => {
  it('that is stepped by several workers at once, and again after its lease ran out, does everything once', async () => {
    const triggerId = await triggerFor('shared');
    for (let i = 0; i < 8; i += 1) await newIssue({ labels: ['shared'] });
    const before = (await pair.b.jira.control.dump()).length;
    const { runId } = await startBulkExalate(pair.a.ctx, { triggerId });
    // A worker that took the run and was killed.
    await pair.a.ctx.db.bulkRun.updateMany({
      where: { id: runId },
      data: { leaseOwner: 'dead', leaseUntil: new Date(Date.now() + 500), status: 'running' },
    });
    await waitFor('the run to end', async () => {
      await Promise.all(['x', 'y', 'z'].map((owner) => bulkStep(pair.a.ctx, owner)));
      return (await getRun(pair.a.ctx, { runId })).endedAt !== null;
    });
    expect((await getRun(pair.a.ctx, { runId })).progress).toMatchObject({ done: 8, failed: 0, total: 8 });
    expect((await pair.b.jira.control.dump()).length).toBe(before + 8);
  });

  it('is listed with its kind, newest first', async () => {
    const runs = await listRuns(pair.a.ctx, { kind: 'unexalate' });
    expect(runs.map(({ kind }) => kind)).toContain('unexalate');
    expect(new Set(runs.map(({ kind }) => kind)).size).toBe(1);
    expect(await listRuns(pair.a.ctx, { unfinished: true })).toEqual([]);
  });
});
