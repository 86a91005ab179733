import { expect, it } from 'vitest';
import { connectIssues } from '#/services/twin/connect-issues.ts';
import { syncStatus } from '#/services/twin/sync-status.ts';
import { startVerify } from '#/services/verify/start-verify.ts';
import { verifyStatus } from '#/services/verify/verify-status.ts';
import { backUp, putBack, startAgain } from '../../support/backup.ts';
import type { Company } from '../../support/pair.ts';
import { usePair } from '../../support/pair.ts';
import { waitFor } from '../../support/wait-for.ts';

const pair = usePair();

/** An issue with a comment and a file that are to stay where they are. */
async function issueIn(company: Company, side: string): Promise<string> {
  const { json } = await company.rest('POST', '/issue', {
    fields: { project: { key: 'TEST' }, issuetype: { name: 'Task' }, summary: 'An issue' },
  });
  const { key } = json as { key: string };
  await company.rest('POST', `/issue/${key}/comment`, { body: `internal to ${side}` });
  await company.jira.control.createAttachment({ key, user: 'jane', filename: `${side}.bin`, bytes: 600 });
  return key;
}

async function connected(): Promise<{ a: string; b: string }> {
  const [a, b] = [await issueIn(pair.a, 'A'), await issueIn(pair.b, 'B')];
  await connect(a, b);
  return { a, b };
}

async function connect(a: string, b: string): Promise<void> {
  const { twinId } = await connectIssues(pair.a.ctx, {
    connectionId: pair.a.connectionId,
    localKey: a,
    remoteKey: b,
    existing: { comments: false, attachments: false },
    winner: 'local',
  });
  await waitFor('sync', async () => (await syncStatus(pair.a.ctx, { twinId })).status === 'Synchronized');
  await pair.quiet();
}

const shown = async (company: Company, key: string) => {
  const { comments, attachments } = await company.issue(key);
  return [...comments.map(({ body }) => body), ...attachments.map(({ filename }) => filename)];
};

async function expectAllAtHome({ a, b }: { a: string; b: string }): Promise<void> {
  expect(await shown(pair.a, a)).toEqual(['internal to A', 'A.bin']);
  expect(await shown(pair.b, b)).toEqual(['internal to B', 'B.bin']);
}

it('what Connect left at home is no difference to a verification, and stays at home', async () => {
  const keys = await connected();
  const { runId } = await startVerify(pair.a.ctx);
  const status = await waitFor('the verification', async () => {
    const now = await verifyStatus(pair.a.ctx);
    return now?.runId === runId && now.state === 'done' ? now : null;
  });
  await pair.quiet();
  expect(status.differences).toBe(0);
  await expectAllAtHome(keys);
});

it.each(['a', 'b'] as const)(
  'what Connect left at home stays there when node %s was restored',
  { timeout: 60_000 },
  async (side) => {
    const keys = await connected();
    const backup = await backUp(pair[side]);
    await pair.a.rest('PUT', `/issue/${keys.a}`, { fields: { summary: 'after the backup' } });
    await waitFor('the edit', async () => (await pair.b.issue(keys.b)).summary === 'after the backup');
    await pair.b.rest('PUT', `/issue/${keys.b}`, { fields: { description: 'after the backup' } });
    await waitFor('the edit', async () => (await pair.a.issue(keys.a)).description === 'after the backup');
    await pair.quiet();
    await pair[side].node.stop();
    await putBack(pair[side], backup);
    await startAgain(pair[side]);
    await waitFor('the twin to be taken over', () =>
      pair[side].ctx.db.timelineEntry.findFirst({ where: { kind: 'restored', twin: { localIssueKey: keys[side] } } }),
    );
    await pair.quiet();
    await expectAllAtHome(keys);
  },
);

it.each(['a', 'b'] as const)(
  'what Connect left at home stays there when node %s was restored to a time before that',
  { timeout: 60_000 },
  async (side) => {
    const [a, b] = [await issueIn(pair.a, 'A'), await issueIn(pair.b, 'B')];
    const backup = await backUp(pair[side]);
    await connect(a, b);
    await pair[side].node.stop();
    await putBack(pair[side], backup);
    await startAgain(pair[side]);
    const key = side === 'a' ? a : b;
    await waitFor('the twin to be taken over', () =>
      pair[side].ctx.db.timelineEntry.findFirst({ where: { kind: 'restored', twin: { localIssueKey: key } } }),
    );
    await pair.quiet();
    await expectAllAtHome({ a, b });
  },
);
