/** A connection that is held until its partner has confirmed that this database is not older than what it has seen (C10). */
import { expect, it } from 'vitest';
import { dueLanes, lanesAreBusy, nextDueInMs } from '#/services/sync/due-lanes.ts';
import { exalateIssue } from '#/services/twin/exalate-issue.ts';
import { usePair } from '../../support/pair.ts';
import { waitFor } from '../../support/wait-for.ts';

// What polling finds would be calls too.
const pair = usePair({ nodeA: { pollIntervalSeconds: 3600 } });

it('costs nothing while the partner is away: its lanes are not due, nothing else waits for them, and they go on by themselves', async () => {
  const { ctx, connectionId, jira } = pair.a;
  await pair.b.ctx.db.connection.updateMany({ data: { hold: 'moved' } });
  await ctx.db.connection.updateMany({ data: { hold: 'check_in' } });
  const { first } = await jira.control.createIssues({ project: 'TEST', count: 5, summary: 'held' });
  const number = Number(first.split('-')[1]);
  for (let n = 0; n < 5; n += 1) await exalateIssue(ctx, { connectionId, issueKey: `TEST-${number + n}` });

  // A call finds its lane once; from then on nobody looks at it.
  const left = { fence: { gt: 0 }, leaseUntil: null };
  await waitFor(
    'all lanes to be due again',
    async () => (await ctx.db.twin.count({ where: { ...left, wakeAt: { lte: new Date() } } })) === 5,
  );
  const fences = () => ctx.db.twin.findMany({ select: { fence: true }, orderBy: { id: 'asc' } });
  const before = await fences();
  expect(await dueLanes(ctx, 100)).toEqual([]);
  expect(await nextDueInMs(ctx, 400)).toBe(400);
  expect(await lanesAreBusy(ctx)).toBe(false);
  const asked = async () => (await ctx.db.loopLease.findFirst({ where: { name: `check-in:${connectionId}` } }))?.owner;
  for (let looks = 0; looks < 3; looks += 1) {
    const last = await asked();
    await waitFor('the partner to be asked again', async () => (await asked()) !== last);
  }
  expect(await fences()).toEqual(before);

  await pair.b.ctx.db.connection.updateMany({ data: { hold: null } });
  await waitFor(
    'all to be synchronized',
    async () => (await ctx.db.twin.count({ where: { status: 'synchronized' } })) === 5,
  );
});
