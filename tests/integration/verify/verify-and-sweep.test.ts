import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { metricsText } from '#/server/metrics.ts';
import { hintIssues } from '#/services/sync/hints.ts';
import { sweep } from '#/services/sync/sweep.ts';
import { nightlyVerify } from '#/services/verify/nightly-verify.ts';
import { startVerify } from '#/services/verify/start-verify.ts';
import { verifyStatus } from '#/services/verify/verify-status.ts';
import type { VerifyStatus } from '#/services/verify/verify-status.ts';
import { usePair } from '../../support/pair.ts';
import { waitFor } from '../../support/wait-for.ts';

// Nothing tells the nodes of changes but what is under test here.
const pair = usePair({ nodeA: { pollIntervalSeconds: 3600 }, nodeB: { pollIntervalSeconds: 3600 } });
const atOnce = { roundMs: 0, batch: 3, perMinute: 1_000_000, patienceMs: 3_600_000 };

beforeEach(async () => {
  for (const { jira } of [pair.a, pair.b]) await jira.control.setWebhookFaults({ lost: 1 });
});
afterEach(() => pair.quiet());

async function newPair(summary: string): Promise<{ keyA: string; keyB: string; idA: string }> {
  const { json } = await pair.a.rest('POST', '/issue', {
    fields: { project: { key: 'TEST' }, issuetype: { name: 'Task' }, summary },
  });
  const { key, id } = json as { key: string; id: string };
  await pair.a.rest('POST', `/issue/${key}/comment`, { body: 'a comment' });
  await pair.a.jira.control.createAttachment({ key, user: 'jane', filename: 'file.bin', bytes: 10 });
  return { keyA: key, keyB: await pair.sync(key), idA: id };
}

/** Sweeps until a round is complete; how many issues were hinted. */
async function sweepAll(): Promise<number> {
  let hinted = 0;
  for (;;) {
    const result = await waitFor('the sweep to have its turn', async () => {
      const step = await sweep(pair.a.ctx, atOnce);
      return step !== null && (step.checked > 0 || step.waitMs <= 0) ? step : null;
    });
    hinted += result.hinted;
    const { sweepCursor } = await pair.a.ctx.db.node.findUniqueOrThrow({ where: { id: 1 } });
    if (sweepCursor === null) return hinted;
  }
}

/** The next time that it is so late here, half a day from now at least. */
function nextTimeOf(hour: number): Date {
  const time = new Date(Date.now() + 13 * 3_600_000);
  while (time.getHours() !== hour) time.setTime(time.getTime() + 3_600_000);
  return time;
}

async function verifyAll(): Promise<VerifyStatus> {
  const { runId } = await startVerify(pair.a.ctx);
  return waitFor('the verification', async () => {
    const status = await verifyStatus(pair.a.ctx);
    return status?.runId === runId && status.state === 'done' ? status : null;
  });
}

describe('the slow sweep', () => {
  it('hints nothing where nothing changed, at one request for many issues', async () => {
    for (const summary of ['one', 'two', 'three', 'four']) await newPair(summary);
    await pair.quiet();
    await pair.a.jira.control.resetStatistics();
    expect(await sweepAll()).toBe(0);
    const requests = (await pair.a.jira.control.requests({ user: 'admin' })).filter(({ endpoint }) =>
      endpoint.includes('search'),
    );
    expect(requests.length).toBeLessThanOrEqual(2);
  });

  it('finds an edit, a comment and a deletion of which nothing told', async () => {
    const { keyA, keyB } = await newPair('untold');
    await pair.a.rest('PUT', `/issue/${keyA}`, { fields: { summary: 'told by the sweep' } });
    expect(await sweepAll()).toBe(1);
    await waitFor('the edit', async () => (await pair.b.issue(keyB)).summary === 'told by the sweep');
    await pair.quiet();
    await pair.a.jira.control.deleteIssue({ key: keyA });
    await sweepAll();
    await waitFor(
      'the other side to know',
      async () =>
        (await pair.b.ctx.db.twin.findFirstOrThrow({ where: { localIssueKey: keyB } })).status === 'remote_removed',
    );
    expect((await pair.b.issue(keyB)).summary).toBe('told by the sweep');
  });

  it('gives way to other work, but not for ever', async () => {
    await newPair('always something to do');
    await sweepAll();
    const { id } = await pair.a.ctx.db.twin.findFirstOrThrow({ where: { endedAt: null } });
    await pair.a.ctx.db.twin.update({ where: { id }, data: { leaseUntil: new Date(Date.now() + 3_600_000) } });
    expect(await sweep(pair.a.ctx, atOnce)).toMatchObject({ checked: 0 });
    const impatient = { ...atOnce, patienceMs: 0 };
    await waitFor('a batch', async () => ((await sweep(pair.a.ctx, impatient))?.checked ?? 0) > 0);
    await pair.a.ctx.db.twin.update({ where: { id }, data: { leaseUntil: null } });
    await sweepAll();
  });

  it('ends no pair when the whole project goes out of sight', async () => {
    const alive = await pair.a.ctx.db.twin.count({ where: { endedAt: null } });
    await pair.a.jira.control.hideProject({ project: 'TEST', user: 'admin' });
    await sweepAll();
    await waitFor(
      'the brake',
      async () =>
        (await pair.a.ctx.db.connection.findUniqueOrThrow({ where: { id: pair.a.connectionId } })).statusCode ===
        'project_hidden',
    );
    expect(await pair.a.ctx.db.twin.count({ where: { endedAt: null } })).toBe(alive);
    expect(await pair.b.ctx.db.twin.count({ where: { endedAt: null } })).toBe(alive);
    await pair.a.jira.control.hideProject({ project: 'TEST', user: 'admin', hidden: false });
    await pair.a.ctx.db.connection.update({
      where: { id: pair.a.connectionId },
      data: { status: 'active', statusCode: null, statusDetail: null },
    });
    await pair.a.ctx.db.twin.updateMany({ where: { endedAt: null }, data: { wakeAt: new Date() } });
  });
});

describe('a verification', () => {
  it('finds no difference where there is none', async () => {
    await newPair('in order');
    await pair.quiet();
    const status = await verifyAll();
    expect(status).toMatchObject({ differences: 0, skipped: 0, note: null, list: [] });
    expect(status.checked).toBe(await pair.a.ctx.db.twin.count({ where: { endedAt: null } }));
  });

  it('finds what this Jira shows otherwise than sync knows, names it, and mends it', async () => {
    const { keyA, keyB } = await newPair('before');
    await pair.a.rest('POST', `/issue/${keyA}/comment`, { body: 'unnoticed' });
    const status = await verifyAll();
    expect(status.list).toMatchObject([
      { kind: 'local', issueKey: keyA, detail: expect.stringContaining('Comment') as string },
    ]);
    await waitFor('the comment', async () => (await pair.b.issue(keyB)).comments.length === 2);
    await pair.quiet();
    expect(await verifyStatus(pair.a.ctx)).toMatchObject({ differences: 1, healed: 1 });
    const { text } = await metricsText(pair.a.ctx);
    expect(text).toMatch(/^exalate_verify_differences\{state="found"\} 1$/m);
    expect(text).toMatch(/^exalate_verify_differences\{state="healed"\} 1$/m);
    expect(text).toMatch(new RegExp(`^exalate_verify_pairs\\{outcome="compared"\\} ${status.checked}$`, 'm'));
    expect(await verifyAll()).toMatchObject({ differences: 0 });
  });

  it('finds what the partner does not know, and mends it without writing anything twice', async () => {
    const { keyA, keyB } = await newPair('lost over there');
    await pair.quiet();
    const twin = await pair.b.ctx.db.twin.findFirstOrThrow({ where: { localIssueKey: keyB } });
    await pair.b.ctx.db.commentTrace.deleteMany({ where: { twinId: twin.id } });
    await pair.b.ctx.db.attachmentTrace.deleteMany({ where: { twinId: twin.id } });
    const status = await verifyAll();
    expect(status.list).toMatchObject([{ kind: 'partner', issueKey: keyA }]);
    await waitFor(
      'the traces',
      async () => (await pair.b.ctx.db.commentTrace.count({ where: { twinId: twin.id } })) === 1,
    );
    await pair.quiet();
    expect(await verifyAll()).toMatchObject({ differences: 0 });
    for (const issue of [await pair.a.issue(keyA), await pair.b.issue(keyB)]) {
      expect(issue.comments).toHaveLength(1);
      expect(issue.attachments).toHaveLength(1);
    }
  });

  it('finds a pair that the partner has lost altogether, and mends it without a second issue', async () => {
    const { keyA, keyB, idA } = await newPair('pair lost over there');
    await pair.quiet();
    const issues = (await pair.b.jira.control.dump()).length;
    await pair.b.ctx.db.twin.deleteMany({ where: { localIssueKey: keyB } });
    expect((await verifyAll()).list).toMatchObject([{ kind: 'missing', issueKey: keyA }]);
    await waitFor('the pair', async () => (await pair.b.ctx.db.twin.count({ where: { localIssueKey: keyB } })) === 1);
    await pair.quiet();
    await pair.a.rest('PUT', `/issue/${keyA}`, { fields: { summary: 'followed again' } });
    await hintIssues(pair.a.ctx, [idA]);
    await waitFor('the edit', async () => (await pair.b.issue(keyB)).summary === 'followed again');
    await pair.quiet();
    expect((await pair.b.jira.control.dump()).length).toBe(issues);
    expect((await pair.b.issue(keyB)).comments).toHaveLength(1);
  });

  it('runs once at a time, and says so in its result', async () => {
    const runs = await Promise.all([1, 2, 3].map(() => startVerify(pair.a.ctx)));
    expect(new Set(runs.map(({ runId }) => runId)).size).toBe(1);
    await waitFor('the end', async () => (await verifyStatus(pair.a.ctx))?.state === 'done');
  });

  it('begins by itself once a night, but not in the first night of a node, nor after one of the same evening', async () => {
    const { db } = pair.a.ctx;
    const runs = () => db.verifyRun.count();
    const nightly = (time: Date) =>
      nightlyVerify({ ...pair.a.ctx, clock: { ...pair.a.ctx.clock, now: () => time.getTime() } });
    const [night, noon] = [nextTimeOf(2), nextTimeOf(12)];
    const before = await runs();
    await nightly(noon);
    expect(await runs()).toBe(before);

    const { createdAt } = await db.node.findUniqueOrThrow({ where: { id: 1 } });
    await db.node.updateMany({ data: { createdAt: night } });
    await nightly(night);
    expect(await runs()).toBe(before);

    await db.node.updateMany({ data: { createdAt } });
    await nightly(night);
    expect(await runs()).toBe(before + 1);
    await waitFor('the run of this night', async () => (await verifyStatus(pair.a.ctx))?.state === 'done');
    await db.verifyRun.updateMany({ data: { startedAt: night } });
    await nightly(nextTimeOf(4));
    expect(await runs()).toBe(before + 1);
  });
});
