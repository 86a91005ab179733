import { describe, expect, it } from 'vitest';
import { cancelRun } from '#/services/bulk/cancel-run.ts';
import { failedRowsCsv, runPairsCsv } from '#/services/bulk/failed-rows-csv.ts';
import { getRun } from '#/services/bulk/get-run.ts';
import type { RunDetail } from '#/services/bulk/get-run.ts';
import { previewBulkConnect } from '#/services/bulk/preview-bulk-connect.ts';
import { startBulkConnect } from '#/services/bulk/start-bulk-connect.ts';
import { cleanUpIssue } from '#/services/clean-up/clean-up-issue.ts';
import { cleanUpPreview } from '#/services/clean-up/clean-up-preview.ts';
import { pairsCsv } from '#/services/clean-up/pairs-csv.ts';
import { startCleanUpConnection } from '#/services/clean-up/start-clean-up-connection.ts';
import { setConnectionActive } from '#/services/connection/set-connection-active.ts';
import { exalateIssue } from '#/services/twin/exalate-issue.ts';
import type { Company } from '../../support/pair.ts';
import { usePair } from '../../support/pair.ts';
import { waitFor } from '../../support/wait-for.ts';

const pair = usePair();

async function issueIn(company: Company, summary: string): Promise<string> {
  const { json } = await company.rest('POST', '/issue', {
    fields: { project: { key: 'TEST' }, issuetype: { name: 'Task' }, summary },
  });
  return (json as { key: string }).key;
}

const ended = (runId: string): Promise<RunDetail> =>
  waitFor(
    'the run to end',
    async () => {
      const run = await getRun(pair.a.ctx, { runId });
      return run.endedAt === null ? null : run;
    },
    { timeoutMs: 20_000 },
  );

async function textOf(chunks: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) text += chunk;
  return text;
}

const preview = (text: string) => previewBulkConnect(pair.a.ctx, { connectionId: pair.a.connectionId, text });

async function forgotten(): Promise<void> {
  for (const { ctx } of [pair.a, pair.b]) {
    await waitFor(
      'all rows to be gone',
      async () => (await ctx.db.twin.count()) + (await ctx.db.commentTrace.count()) === 0,
      { timeoutMs: 20_000 },
    );
  }
}

describe('clean-up of an issue', () => {
  it('says what is under sync first, then forgets the pair on both sides and leaves the content', async () => {
    const a = await issueIn(pair.a, 'to be forgotten');
    await pair.a.rest('POST', `/issue/${a}/comment`, { body: 'stays' });
    const b = await pair.sync(a);
    const [asLocal, asRemote] = [
      await cleanUpPreview(pair.a.ctx, { issueKey: a.toLowerCase() }),
      await cleanUpPreview(pair.b.ctx, { issueKey: a }),
    ];
    expect(asLocal).toMatchObject({ underSync: 1, ended: 0, outgoing: 0, incoming: 0, activeTriggers: 0 });
    expect(asRemote.pairs[0]).toMatchObject({ local: { key: b }, remote: { key: a }, status: 'Synchronized' });
    const result = await cleanUpIssue(pair.a.ctx, { twinId: asLocal.pairs[0]?.twinId ?? '' });
    expect(result).toEqual({ localKey: a, remoteKey: b });
    await forgotten();
    expect((await pair.b.issue(b)).comments).toHaveLength(1);
    await pair.a.rest('PUT', `/issue/${a}`, { fields: { summary: 'on its own' } });
    expect(await pair.sync(a)).not.toBe(b);
  });

  it('while the other side is still writing leaves nothing behind there, no error either', async () => {
    const a = await issueIn(pair.a, 'cleaned while it is written');
    for (let n = 0; n < 4; n += 1) await pair.a.rest('POST', `/issue/${a}/comment`, { body: `comment ${n}` });
    await pair.b.jira.control.addFault({ kind: 'latency', ms: 300, match: { path: '/comment$', user: 'admin' } });
    const started = await exalateIssue(pair.a.ctx, { connectionId: pair.a.connectionId, issueKey: a });
    if (started.kind !== 'started') throw new Error(started.kind);
    const { uid } = await pair.a.ctx.db.twin.findUniqueOrThrow({ where: { id: started.twinId } });
    await waitFor('a first comment', async () => {
      const copy = (await pair.b.jira.control.dump()).find(({ summary }) => summary === 'cleaned while it is written');
      return (copy?.comments.length ?? 0) > 0;
    });
    await cleanUpIssue(pair.a.ctx, { twinId: started.twinId });
    for (const { ctx } of [pair.a, pair.b]) {
      await waitFor('the pair to be forgotten', async () => (await ctx.db.twin.count({ where: { uid } })) === 0, {
        timeoutMs: 20_000,
      });
    }
    expect(await pair.b.ctx.db.syncError.count({ where: { resolvedAt: null } })).toBe(0);
  });

  it('ends for a pair, too, that has something to say to a partner who has forgotten it', async () => {
    const a = await issueIn(pair.a, 'forgotten over there');
    const b = await pair.sync(a);
    const { id } = await pair.a.ctx.db.twin.findFirstOrThrow({ where: { localIssueKey: a } });
    await pair.b.ctx.db.twin.deleteMany({ where: { localIssueKey: b } });
    const leaveAlone = (partnerRetryAt: Date | null) =>
      pair.a.ctx.db.connection.update({ where: { id: pair.a.connectionId }, data: { partnerRetryAt } });
    await leaveAlone(new Date(Date.now() + 3_600_000));
    await pair.a.rest('PUT', `/issue/${a}`, { fields: { summary: 'nobody listens' } });
    await waitFor(
      'the change to be stored',
      async () => (await pair.a.ctx.db.syncEvent.count({ where: { twinId: id } })) === 1,
    );
    await leaveAlone(null);
    const over = new Date();
    await pair.a.ctx.db.twin.update({ where: { id }, data: { endedAt: over, cleanedAt: over, wakeAt: over } });
    await waitFor('the pair to be forgotten', async () => (await pair.a.ctx.db.twin.count({ where: { id } })) === 0);
    expect(await pair.a.ctx.db.syncError.count({ where: { resolvedAt: null } })).toBe(0);
  });

  it('drops what is queued while the connection is off, and the partner hears of it when it is on again', async () => {
    const a = await issueIn(pair.a, 'queued');
    await pair.sync(a);
    await setConnectionActive(pair.b.ctx, { id: pair.b.connectionId, active: false });
    await pair.a.rest('PUT', `/issue/${a}`, { fields: { summary: 'never sent' } });
    await waitFor(
      'the change to be queued',
      async () => (await cleanUpPreview(pair.a.ctx, { issueKey: a })).outgoing === 1,
    );
    const { pairs } = await cleanUpPreview(pair.a.ctx, { issueKey: a });
    await waitFor('the clean-up', () => cleanUpIssue(pair.a.ctx, { twinId: pairs[0]?.twinId ?? '' }));
    await setConnectionActive(pair.b.ctx, { id: pair.b.connectionId, active: true });
    const b = pairs[0]?.remote?.key ?? '';
    await waitFor(
      'the partner to know',
      async () => (await pair.b.ctx.db.twin.count({ where: { localIssueKey: b } })) === 0,
      { timeoutMs: 20_000 },
    );
    expect((await pair.b.issue(b)).summary).toBe('queued');
  });
});

describe('clean-up of a connection', () => {
  it('forgets all pairs on both sides and gives a CSV that Bulk Connect reads, which doubles nothing', async () => {
    const keys = await Promise.all(Array.from({ length: 4 }, (_, index) => issueIn(pair.a, `pair ${index}`)));
    const pairs = new Map<string, string>();
    for (const key of keys) pairs.set(key, await pair.sync(key));
    await pair.a.rest('POST', `/issue/${keys[0]}/comment`, { body: 'said before' });
    await waitFor(
      'the comment',
      async () => (await pair.b.issue(pairs.get(keys[0] ?? '') ?? '')).comments.length === 1,
    );
    await pair.quiet();
    const before = await textOf((await pairsCsv(pair.a.ctx, { connectionId: pair.a.connectionId })).chunks);
    const { runId } = await startCleanUpConnection(pair.a.ctx, { connectionId: pair.a.connectionId });
    expect(await startCleanUpConnection(pair.a.ctx, { connectionId: pair.a.connectionId })).toMatchObject({
      runId,
      already: true,
    });
    const run = await ended(runId);
    expect(run.progress.failed).toBe(0);
    await forgotten();
    const { filename, chunks } = await runPairsCsv(pair.a.ctx, { runId });
    const text = await textOf(chunks);
    expect(filename).toMatch(/^connect-connection-.+-\d{8}_\d{6}\.csv$/);
    expect(text.split('\r\n').toSorted()).toEqual(before.split('\r\n').toSorted());
    for (const [a, b] of pairs) expect(text).toContain(`${a},${b}\r\n`);

    const issues = { a: await pair.a.jira.control.dump(), b: await pair.b.jira.control.dump() };
    const checked = await preview(text);
    expect(checked).toMatchObject({ header: true, delimiter: ',', bad: 0 });
    const again = await startBulkConnect(pair.a.ctx, { connectionId: pair.a.connectionId, rows: [...checked.rows] });
    expect((await ended(again.runId)).progress).toMatchObject({ done: checked.rows.length, failed: 0 });
    await pair.quiet();
    const contents = (dump: typeof issues.a) =>
      dump.map(({ key, summary, comments }) => ({ key, summary, comments: comments.map(({ body }) => body) }));
    expect(contents(await pair.a.jira.control.dump())).toEqual(contents(issues.a));
    expect(contents(await pair.b.jira.control.dump())).toEqual(contents(issues.b));
    await pair.a.rest('PUT', `/issue/${keys[1]}`, { fields: { summary: 'synced again' } });
    await waitFor(
      'the edit',
      async () => (await pair.b.issue(pairs.get(keys[1] ?? '') ?? '')).summary === 'synced again',
    );
  });
});

describe('Bulk Connect', () => {
  it('checks every line and connects nothing by checking', async () => {
    const [free, taken, there] = [
      await issueIn(pair.a, 'free'),
      await issueIn(pair.a, 'taken'),
      await issueIn(pair.b, 'there'),
    ];
    const twin = await pair.sync(taken);
    const before = await pair.a.ctx.db.twin.count();
    const lines = [
      'Local;Remote',
      `${free};${there}`,
      'TEST-77777;TEST-1',
      `${taken};TEST-2`,
      `"${free}";TEST-99999`,
      `x;y`,
      `${twin};`,
    ];
    const checked = await preview(lines.join('\r\n'));
    expect(checked).toMatchObject({ header: true, delimiter: ';', good: 1, bad: 5 });
    expect(checked.rows.map(({ line, problem }) => [line, problem])).toEqual([
      [2, null],
      [3, expect.stringContaining('TEST-77777 does not exist') as string],
      [4, expect.stringContaining(`${taken} is already under sync`) as string],
      [5, `${free} is already in line 2.`],
      [6, '"X" is not an issue key.'],
      [7, 'The remote key is missing.'],
    ]);
    expect(await pair.a.ctx.db.twin.count()).toBe(before);
  });

  it('refuses a file without pairs and one with 10,001', async () => {
    await expect(preview('\r\n  \n')).rejects.toMatchObject({
      field: 'text',
      summary: expect.stringContaining('no pairs') as string,
    });
    const many = Array.from({ length: 10_001 }, (_, index) => `AA-${index + 1},BB-${index + 1}`).join('\n');
    await expect(preview(many)).rejects.toMatchObject({
      field: 'text',
      summary: expect.stringContaining('10,000') as string,
    });
  });

  it('goes on after lines that fail, names each reason, and gives them as a CSV that can be read again', async () => {
    const [a1, a2, b1] = [await issueIn(pair.a, 'a1'), await issueIn(pair.a, 'a2'), await issueIn(pair.b, 'b1')];
    const rows = [
      { localKey: 'TEST-88888', remoteKey: 'TEST-1' },
      { localKey: a2, remoteKey: 'TEST-99999' },
      { localKey: a1, remoteKey: b1 },
    ];
    const { runId } = await startBulkConnect(pair.a.ctx, {
      connectionId: pair.a.connectionId,
      rows,
      filename: 'pairs.csv',
      winner: 'remote',
    });
    const run = await ended(runId);
    expect(run).toMatchObject({ subject: 'pairs.csv', progress: { done: 1, failed: 2, total: 3 } });
    expect(run.failures.map(({ localKey, error }) => [localKey, error])).toEqual([
      ['TEST-88888', expect.stringContaining('does not exist here') as string],
      [a2, expect.stringContaining('TEST-99999 does not exist on the other side') as string],
    ]);
    expect((await pair.a.issue(a1)).summary).toBe('b1');
    const text = await textOf((await failedRowsCsv(pair.a.ctx, { runId })).chunks);
    expect((await preview(text)).rows.map(({ localKey, remoteKey }) => [localKey, remoteKey])).toEqual([
      ['TEST-88888', 'TEST-1'],
      [a2, 'TEST-99999'],
    ]);
    expect(await pair.a.ctx.db.twin.count({ where: { localIssueKey: a2 } })).toBe(0);
    expect(await pair.a.ctx.db.syncError.count({ where: { resolvedAt: null } })).toBe(0);
  });

  it('that is cancelled begins nothing further', async () => {
    const [a, b] = [await issueIn(pair.a, 'not begun'), await issueIn(pair.b, 'not begun')];
    await setConnectionActive(pair.a.ctx, { id: pair.a.connectionId, active: true });
    const { runId } = await startBulkConnect(pair.a.ctx, {
      connectionId: pair.a.connectionId,
      rows: [{ localKey: a, remoteKey: b }],
    });
    await pair.a.ctx.db.bulkItem.updateMany({
      where: { runId, outcome: 'pending' },
      data: { retryAt: new Date(Date.now() + 60_000) },
    });
    await cancelRun(pair.a.ctx, { runId });
    const run = await getRun(pair.a.ctx, { runId });
    expect(run.progress.total).toBe(1);
    expect(run.endedAt).not.toBeNull();
  });
});
