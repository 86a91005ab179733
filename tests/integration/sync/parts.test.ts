/** Issues that hold more than one message carries. The messages of these nodes are small, so that a few comments are many. */
import { afterEach, describe, expect, it } from 'vitest';
import { Crash } from '#/services/sync/tuning.ts';
import type { CrashPoint } from '#/services/sync/tuning.ts';
import { connectIssues } from '#/services/twin/connect-issues.ts';
import { exalateIssue } from '#/services/twin/exalate-issue.ts';
import { syncStatus } from '#/services/twin/sync-status.ts';
import { unexalateIssue } from '#/services/twin/unexalate-issue.ts';
import { usePair } from '../../support/pair.ts';
import type { Company } from '../../support/pair.ts';
import { expectClean, quickNode, shortTimes, verdictOf } from '../../support/reliability.ts';
import { waitFor } from '../../support/wait-for.ts';

/** The lane of A dies once it has sent so many messages more. */
let messagesToLive = Infinity;
const dieInTime = (point: CrashPoint): void => {
  if (point !== 'sent') return;
  messagesToLive -= 1;
  if (messagesToLive === 0) throw new Crash('killed between two parts');
};

const message = { bytes: 1_500, entries: 3 };
const pair = usePair({
  nodeA: { ...quickNode, sync: { ...shortTimes, message, crashPoint: dieInTime } },
  nodeB: { ...quickNode, sync: { ...shortTimes, message } },
});

afterEach(() => {
  messagesToLive = Infinity;
});

const many = 10;

async function issueIn(company: Company, summary: string): Promise<string> {
  const { json } = await company.rest('POST', '/issue', {
    fields: { project: { key: 'TEST' }, issuetype: { name: 'Task' }, summary },
  });
  return (json as { key: string }).key;
}

/** Comments and files that make several messages; `side` names those that only this side has. */
async function fill(company: Company, key: string, side: string): Promise<void> {
  const comment = (body: string) => company.jira.control.addComment({ key, user: 'jane', body });
  const file = (filename: string) =>
    company.jira.control.createAttachment({ key, user: 'jane', filename, bytes: 10 + filename.length });
  for (let n = 0; n < many; n += 1) await comment(`said on both sides ${n}`);
  await comment(`only in ${side}`);
  for (let n = 0; n < 4; n += 1) await file(`both ${n}.bin`);
  await file(`only in ${side}.bin`);
}

const shown = async (company: Company, key: string) => {
  const { comments, attachments } = await company.issue(key);
  return {
    comments: comments.map(({ body }) => body.replace(/^\*Jane Doe:\*\n/, '')).toSorted(),
    files: attachments.map(({ filename }) => filename).toSorted(),
  };
};

const messagesOf = async (company: Company, key: string) =>
  (await company.ctx.db.twin.findFirstOrThrow({ where: { localIssueKey: key } })).outNumber;

describe('an issue that does not fit into one message', () => {
  it('is created once, and the rest follows in further messages', async () => {
    const a = await issueIn(pair.a, 'in parts');
    await fill(pair.a, a, 'A');
    const b = await pair.sync(a);
    expect(await messagesOf(pair.a, a)).toBeGreaterThan(4);
    expect((await pair.b.issue(b)).comments.map(({ body }) => body)).toEqual(
      (await pair.a.issue(a)).comments.map(({ body }) => `*Jane Doe:*\n${body}`),
    );
    expect(await shown(pair.b, b)).toEqual(await shown(pair.a, a));
    expectClean(await verdictOf(pair));
  });

  it('arrives completely although the lane died between two messages', async () => {
    const a = await issueIn(pair.a, 'interrupted');
    await fill(pair.a, a, 'A');
    messagesToLive = 2;
    const b = await pair.sync(a);
    expect(messagesToLive).toBeLessThan(1);
    expect(await shown(pair.b, b)).toEqual(await shown(pair.a, a));
    expectClean(await verdictOf(pair));
  });

  it('can be taken out of sync half-way, and is out of sync on both sides then', async () => {
    const a = await issueIn(pair.a, 'taken out half-way');
    await fill(pair.a, a, 'A');
    messagesToLive = 2;
    const started = await exalateIssue(pair.a.ctx, { connectionId: pair.a.connectionId, issueKey: a });
    if (started.kind !== 'started') throw new Error(started.kind);
    await waitFor('the lane to die', () => messagesToLive < 1);
    await unexalateIssue(pair.a.ctx, { twinId: started.twinId });
    await waitFor(
      'B to know',
      async () => (await pair.b.ctx.db.twin.findFirstOrThrow({ where: { remoteIssueKey: a } })).endedAt !== null,
    );
    await pair.quiet();
  });
});

describe('two issues that are connected and do not fit into one message', () => {
  async function two(): Promise<{ a: string; b: string }> {
    const [a, b] = [await issueIn(pair.a, 'connected'), await issueIn(pair.b, 'connected')];
    await fill(pair.a, a, 'A');
    await fill(pair.b, b, 'B');
    return { a, b };
  }

  /** The lane runs in this very call, and may die in it. */
  async function connect(localKey: string, remoteKey: string, carried: boolean): Promise<string> {
    const { connectionId, ctx } = pair.a;
    const existing = { comments: carried, attachments: carried };
    await connectIssues(ctx, { connectionId, localKey, remoteKey, existing, winner: 'local' }).catch(
      (error: unknown) => {
        if (!(error instanceof Crash)) throw error;
      },
    );
    return (await ctx.db.twin.findFirstOrThrow({ where: { localIssueKey: localKey } })).id;
  }

  const synchronized = (twinId: string) =>
    waitFor('the pair', async () => (await syncStatus(pair.a.ctx, { twinId })).status === 'Synchronized', {
      timeoutMs: 20_000,
    });

  const both = {
    comments: Array.from({ length: many }, (_, n) => `said on both sides ${n}`),
    files: Array.from({ length: 4 }, (_, n) => `both ${n}.bin`),
  };
  const only = (...sides: string[]) => ({
    comments: [...both.comments, ...sides.map((side) => `only in ${side}`)].toSorted(),
    files: [...both.files, ...sides.map((side) => `only in ${side}.bin`)].toSorted(),
  });

  it.each([
    ['in one go', Infinity],
    ['although the lane died between two parts', 2],
  ])('have nothing twice, and what only one of them had is on both: %s', async (_name, life) => {
    const { a, b } = await two();
    messagesToLive = life;
    await synchronized(await connect(a, b, true));
    await pair.quiet();
    expect(await shown(pair.a, a)).toEqual(only('A', 'B'));
    expect(await shown(pair.b, b)).toEqual(only('A', 'B'));
    expectClean(await verdictOf(pair));
  });

  it('count what was edited between two parts once, as it is now', async () => {
    const { a, b } = await two();
    messagesToLive = 2;
    const twinId = await connect(a, b, true);
    await waitFor('the lane to die', () => messagesToLive < 1);
    const told = (await pair.a.issue(a)).comments[0];
    await pair.a.rest('PUT', `/issue/${a}/comment/${told?.id}`, { body: 'edited between two parts' });
    await synchronized(twinId);
    await waitFor('the edit', async () => (await shown(pair.b, b)).comments.includes('edited between two parts'));
    await pair.quiet();
    expect(await shown(pair.a, a)).toEqual(await shown(pair.b, b));
    expectClean(await verdictOf(pair));
  });

  it('are not connected when that is called off half-way, and nothing is copied', async () => {
    const { a, b } = await two();
    messagesToLive = 2;
    const twinId = await connect(a, b, true);
    await waitFor('the lane to die', () => messagesToLive < 1);
    await unexalateIssue(pair.a.ctx, { twinId });
    await waitFor(
      'B to know',
      async () => (await pair.b.ctx.db.twin.findFirstOrThrow({ where: { remoteIssueKey: a } })).endedAt !== null,
    );
    await pair.quiet();
    expect(await shown(pair.b, b)).toEqual(only('B'));
  });

  it('keep at home what is to stay there', async () => {
    const { a, b } = await two();
    await synchronized(await connect(a, b, false));
    await pair.quiet();
    expect(await shown(pair.a, a)).toEqual(only('A'));
    expect(await shown(pair.b, b)).toEqual(only('B'));
  });
});
