/** An issue that sync has just made, and whose twin does not know it yet, on a Jira whose clock is wrong. */
import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { getRun } from '#/services/bulk/get-run.ts';
import { startBulkExalate } from '#/services/bulk/start-bulk-exalate.ts';
import { connectIssues } from '#/services/twin/connect-issues.ts';
import { exalateIssue } from '#/services/twin/exalate-issue.ts';
import type { Company } from '../../support/pair.ts';
import { killAfterWrite } from '../../support/kill-after-write.ts';
import { usePair } from '../../support/pair.ts';
import { expectClean, quickNode, shortTimes, verdictOf } from '../../support/reliability.ts';
import { waitFor } from '../../support/wait-for.ts';

const killer = killAfterWrite();
const pair = usePair({
  nodeA: quickNode,
  nodeB: { ...quickNode, sync: { ...shortTimes, leaseMs: 60_000, crashPoint: killer.crashPoint } },
});

async function issueIn(company: Company, summary: string): Promise<string> {
  const { json } = await company.rest('POST', '/issue', {
    fields: { project: { key: 'TEST' }, issuetype: { name: 'Task' }, summary },
  });
  return (json as { key: string }).key;
}

it('comes under sync a second time by no click, connect or bulk run', async () => {
  const { ctx, connectionId, jira } = pair.b;
  const other = await issueIn(pair.a, 'another one');
  await jira.control.configure({ clockOffsetMs: -600_000 });
  const mine = await issueIn(pair.b, 'made by a person');
  const key = await issueIn(pair.a, 'just being created');
  killer.arm();
  await exalateIssue(pair.a.ctx, { connectionId: pair.a.connectionId, issueKey: key });
  await waitFor('the kill', () => killer.died);
  const made = (await jira.control.dump()).find(({ summary }) => summary === 'just being created')?.key ?? '';

  const creating = expect.stringContaining('may be an issue that sync is creating') as string;
  await expect(exalateIssue(ctx, { connectionId, issueKey: made })).rejects.toMatchObject({ summary: creating });
  const existing = { comments: true, attachments: true };
  await expect(
    connectIssues(ctx, { connectionId, localKey: made, remoteKey: other, existing, winner: 'local' }),
  ).rejects.toMatchObject({ summary: creating });
  const trigger = { connectionId, jql: `key in (${made}, ${mine})`, active: false, createdBy: 'jane' };
  const { id: triggerId } = await ctx.db.trigger.create({
    data: { id: randomUUID(), activeSince: new Date(), ...trigger },
  });
  const both = await startBulkExalate(ctx, { triggerId });
  await waitFor('the issue of the person', () => ctx.db.twin.findFirst({ where: { localIssueKey: mine } }));
  await waitFor('the other one to be put off', () =>
    ctx.db.bulkItem.findFirst({ where: { runId: both.runId, localKey: made, outcome: 'pending' } }),
  );
  expect(await ctx.db.twin.count({ where: { localIssueKey: made } })).toBe(0);

  await ctx.db.twin.updateMany({ where: { localIssueId: null }, data: { leaseUntil: new Date() } });
  await waitFor('the run to end', async () => (await getRun(ctx, { runId: both.runId })).endedAt !== null, {
    timeoutMs: 25_000,
  });
  expectClean(await verdictOf(pair));
}, 60_000);
