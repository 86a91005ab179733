import { describe, expect, it } from 'vitest';
import { runLane } from '#/services/sync/run-lane.ts';
import { cleanUpIssue } from '#/services/clean-up/clean-up-issue.ts';
import { connectIssues } from '#/services/twin/connect-issues.ts';
import { syncStatus } from '#/services/twin/sync-status.ts';
import type { Company } from '../../support/pair.ts';
import { usePair } from '../../support/pair.ts';
import { waitFor } from '../../support/wait-for.ts';

const pair = usePair();

async function issueIn(company: Company, fields: Record<string, unknown> = {}): Promise<string> {
  const { json } = await company.rest('POST', '/issue', {
    fields: { project: { key: 'TEST' }, issuetype: { name: 'Task' }, summary: 'An issue', ...fields },
  });
  return (json as { key: string }).key;
}

interface Choice {
  comments?: boolean;
  attachments?: boolean;
  winner?: 'local' | 'remote';
}

const ask = (
  localKey: string,
  remoteKey: string,
  { comments = true, attachments = true, winner = 'local' }: Choice = {},
) =>
  connectIssues(pair.a.ctx, {
    connectionId: pair.a.connectionId,
    localKey,
    remoteKey,
    existing: { comments, attachments },
    winner,
  });

async function connect(localKey: string, remoteKey: string, choice: Choice = {}): Promise<string> {
  const { twinId } = await ask(localKey, remoteKey, choice);
  await waitFor(
    `${localKey} to be synchronized`,
    async () => (await syncStatus(pair.a.ctx, { twinId })).status === 'Synchronized',
  );
  await pair.quiet();
  return twinId;
}

const comment = (company: Company, key: string, body: string) =>
  company.rest('POST', `/issue/${key}/comment`, { body });
const file = (company: Company, key: string, filename: string, bytes: number, seed = 1) =>
  company.jira.control.createAttachment({ key, user: 'jane', filename, bytes, seed });
const bodies = async (company: Company, key: string) => (await company.issue(key)).comments.map(({ body }) => body);
const files = async (company: Company, key: string) =>
  (await company.issue(key)).attachments.map(({ filename, size }) => `${filename} ${size}`).toSorted();

describe('the fields of two connected issues', () => {
  it.each([
    ['local', 'from A', 'A text'],
    ['remote', 'from B', 'B text'],
  ] as const)(
    'are those of the %s side at the start, and then changes flow both ways',
    async (winner, summary, description) => {
      const a = await issueIn(pair.a, { summary: 'from A', description: 'A text', issuetype: { name: 'Bug' } });
      const b = await issueIn(pair.b, { summary: 'from B', description: 'B text' });
      const twinId = await connect(a, b, { winner });
      const type = winner === 'local' ? 'Bug' : 'Task';
      expect(await pair.a.issue(a)).toMatchObject({ summary, description, type });
      expect(await pair.b.issue(b)).toMatchObject({ summary, description, type });
      await pair.a.rest('PUT', `/issue/${a}`, { fields: { summary: 'edited in A' } });
      await waitFor('the edit', async () => (await pair.b.issue(b)).summary === 'edited in A');
      await pair.b.rest('PUT', `/issue/${b}`, { fields: { description: 'edited in B' } });
      await waitFor('the edit', async () => (await pair.a.issue(a)).description === 'edited in B');
      const { timeline, local, remote } = await syncStatus(pair.a.ctx, { twinId });
      expect([local?.key, remote?.key]).toEqual([a, b]);
      expect(timeline.map(({ text }) => text).join('\n')).toContain(`Connected with the existing issue ${b}`);
      const there = await pair.b.ctx.db.twin.findFirstOrThrow({ where: { localIssueKey: b } });
      const lost = [...timeline, ...(await syncStatus(pair.b.ctx, { twinId: there.id })).timeline].map(
        ({ detail }) => detail,
      );
      expect(lost).toContain(winner === 'local' ? 'from B' : 'from A');
    },
  );

  it('cost no write where they are the same already', async () => {
    const same = { summary: 'the same', description: 'on both sides' };
    const [a, b] = [await issueIn(pair.a, same), await issueIn(pair.b, same)];
    for (const company of [pair.a, pair.b]) await company.jira.control.resetStatistics();
    await connect(a, b);
    expect(await pair.a.jira.control.writes({ user: 'admin', key: a })).toEqual([]);
    expect(await pair.b.jira.control.writes({ user: 'admin', key: b })).toEqual([]);
  });
});

describe('existing comments and attachments', () => {
  async function two(): Promise<{ a: string; b: string }> {
    const [a, b] = [await issueIn(pair.a), await issueIn(pair.b)];
    for (const [company, key, side] of [
      [pair.a, a, 'A'],
      [pair.b, b, 'B'],
    ] as const) {
      await comment(company, key, 'said on both sides');
      await comment(company, key, `only in ${side}`);
      await file(company, key, 'same.bin', 500);
      await file(company, key, `${side}.bin`, 600);
    }
    return { a, b };
  }

  it('that both sides have are paired, and the others are carried over', async () => {
    const { a, b } = await two();
    await connect(a, b);
    expect((await bodies(pair.a, a)).toSorted()).toEqual(
      ['*Jane Doe:*\nonly in B', 'only in A', 'said on both sides'].toSorted(),
    );
    expect((await bodies(pair.b, b)).toSorted()).toEqual(
      ['*Jane Doe:*\nonly in A', 'only in B', 'said on both sides'].toSorted(),
    );
    expect(await files(pair.a, a)).toEqual(['A.bin 600', 'B.bin 600', 'same.bin 500']);
    expect(await files(pair.b, b)).toEqual(['A.bin 600', 'B.bin 600', 'same.bin 500']);
  });

  it('files of one name and size are paired by their content: the different ones stay two, and reach both sides', async () => {
    const [a, b] = [await issueIn(pair.a), await issueIn(pair.b)];
    for (const seed of [1, 2]) await file(pair.a, a, 'shot.bmp', 500, seed);
    for (const seed of [3, 2]) await file(pair.b, b, 'shot.bmp', 500, seed);
    await connect(a, b);
    const contents = async (company: Company, key: string) =>
      (await company.issue(key)).attachments.map(({ filename, sha256 }) => `${filename} ${sha256}`).toSorted();
    const here = await contents(pair.a, a);
    expect(new Set(here).size).toBe(3);
    expect(here).toHaveLength(3);
    expect(await contents(pair.b, b)).toEqual(here);
  });

  it('are compared once more when the partner broke off in the middle, and nothing is doubled', async () => {
    const [a, b] = [await issueIn(pair.a), await issueIn(pair.b)];
    await comment(pair.a, a, 'said on both sides');
    await comment(pair.b, b, 'said on both sides');
    for (const [company, key] of [
      [pair.a, a],
      [pair.b, b],
    ] as const)
      for (const seed of [1, 2]) await file(company, key, 'same.bin', 500, seed);
    const path = '/secure/attachment/';
    await pair.a.jira.control.addFault({ kind: 'truncate', match: { path, user: 'admin', count: 1 } });
    await connect(a, b);
    expect(await files(pair.a, a)).toEqual(['same.bin 500', 'same.bin 500']);
    expect(await files(pair.b, b)).toEqual(['same.bin 500', 'same.bin 500']);
    expect(await bodies(pair.b, b)).toEqual(['said on both sides']);
  });

  it('stay where they are if that was chosen, for good, while paired and new ones travel', async () => {
    const { a, b } = await two();
    await connect(a, b, { comments: false, attachments: false });
    expect(await bodies(pair.a, a)).toEqual(['said on both sides', 'only in A']);
    expect(await bodies(pair.b, b)).toEqual(['said on both sides', 'only in B']);
    const [both, onlyA] = (await pair.a.issue(a)).comments;
    await pair.a.rest('PUT', `/issue/${a}/comment/${onlyA?.id}`, { body: 'only in A, edited' });
    await pair.a.rest('PUT', `/issue/${a}/comment/${both?.id}`, { body: 'said on both sides, edited' });
    await comment(pair.b, b, 'new in B');
    await waitFor('the new comment', async () => (await bodies(pair.a, a)).includes('*Jane Doe:*\nnew in B'));
    await waitFor('the edit of the pair', async () => (await bodies(pair.b, b)).includes('said on both sides, edited'));
    await file(pair.a, a, 'new.bin', 10);
    await waitFor('the new file', async () => (await files(pair.b, b)).includes('new.bin 10'));
    await pair.quiet();
    expect(await bodies(pair.b, b)).toEqual(['said on both sides, edited', 'only in B', 'new in B']);
    expect(await files(pair.b, b)).toEqual(['B.bin 600', 'new.bin 10', 'same.bin 500']);
    await pair.b.rest('DELETE', `/issue/${b}/comment/${(await pair.b.issue(b)).comments[1]?.id}`);
    await pair.b.rest('DELETE', `/issue/${b}/comment/${(await pair.b.issue(b)).comments[0]?.id}`);
    await waitFor(
      'the deletion of the pair',
      async () => !(await bodies(pair.a, a)).includes('said on both sides, edited'),
    );
    await pair.quiet();
    expect(await bodies(pair.a, a)).toEqual(['only in A, edited', '*Jane Doe:*\nnew in B']);
  });

  it('of an earlier pair of the same issues are recognised: connecting again after a clean-up doubles nothing', async () => {
    const a = await issueIn(pair.a, { summary: 'again and again' });
    await comment(pair.a, a, 'said in A');
    await file(pair.a, a, 'one.bin', 700);
    const b = await pair.sync(a);
    await comment(pair.b, b, 'said in B');
    await waitFor('the answer', async () => (await bodies(pair.a, a)).length === 2);
    await pair.quiet();
    const before = { a: await bodies(pair.a, a), b: await bodies(pair.b, b) };
    const twin = await pair.a.ctx.db.twin.findFirstOrThrow({ where: { localIssueKey: a } });
    await cleanUpIssue(pair.a.ctx, { twinId: twin.id });
    for (const company of [pair.a, pair.b]) {
      await waitFor(
        'nothing to be left',
        async () =>
          (await company.ctx.db.twin.count({ where: { OR: [{ localIssueKey: company === pair.a ? a : b }] } })) === 0,
      );
    }
    await connect(a, b);
    expect({ a: await bodies(pair.a, a), b: await bodies(pair.b, b) }).toEqual(before);
    expect(await files(pair.b, b)).toEqual(['one.bin 700']);
    const [original] = (await pair.b.issue(b)).comments;
    await pair.a.rest('PUT', `/issue/${a}/comment/${(await pair.a.issue(a)).comments[0]?.id}`, { body: 'edited in A' });
    await waitFor('the edit with its author line', async () =>
      (await pair.b.issue(b)).comments.some(
        ({ id, body }) => id === original?.id && body === '*Jane Doe:*\nedited in A',
      ),
    );
  });
});

describe('what cannot be connected', () => {
  it.each([
    ['a malformed local key', 'nonsense', 'TEST-1', 'localKey'],
    ['a malformed remote key', 'TEST-1', 'nonsense', 'remoteKey'],
    ['an unknown local issue', 'TEST-99999', 'TEST-1', 'localKey'],
  ])('%s is named at its field and leaves nothing behind', async (_name, localKey, remoteKey, field) => {
    const before = await pair.a.ctx.db.twin.count();
    await expect(ask(localKey, remoteKey)).rejects.toMatchObject({ field });
    expect(await pair.a.ctx.db.twin.count()).toBe(before);
  });

  it('an issue that is unknown or hidden over there is refused by the partner, and nothing is left on either side', async () => {
    const a = await issueIn(pair.a);
    await pair.b.jira.control.createProject({ key: 'SECRET', name: 'Secret', issueTypes: ['Task'] });
    await pair.b.jira.control.createIssue({ project: 'SECRET', issue: { type: 'Task', summary: 'secret' } });
    await pair.b.jira.control.hideProject({ project: 'SECRET', user: 'admin' });
    for (const remoteKey of ['TEST-99999', 'SECRET-1']) {
      await expect(ask(a, remoteKey)).rejects.toMatchObject({
        code: 'partner_refused',
        field: 'remoteKey',
        summary: expect.stringContaining(`${remoteKey} does not exist on the other side`) as string,
      });
    }
    expect(await pair.a.ctx.db.twin.count({ where: { localIssueKey: a } })).toBe(0);
    expect(await pair.a.ctx.db.syncError.count({ where: { resolvedAt: null } })).toBe(0);
    const b = await issueIn(pair.b);
    await connect(a, b);
  });

  it('an issue under sync already, on either side, is refused', async () => {
    const first = { a: await issueIn(pair.a), b: await issueIn(pair.b) };
    await connect(first.a, first.b);
    const second = { a: await issueIn(pair.a), b: await issueIn(pair.b) };
    await expect(ask(first.a, second.b)).rejects.toMatchObject({
      code: 'conflict',
      summary: expect.stringContaining(first.a) as string,
    });
    await expect(ask(second.a, first.b)).rejects.toMatchObject({ summary: expect.stringContaining(first.b) as string });
    // Known only to the partner.
    await pair.a.ctx.db.twin.updateMany({ where: { remoteIssueKey: first.b }, data: { remoteIssueKey: 'MOVED-1' } });
    await expect(ask(second.a, first.b)).rejects.toMatchObject({
      code: 'partner_refused',
      summary: expect.stringContaining('is already under sync') as string,
    });
    expect(await pair.a.ctx.db.twin.count({ where: { localIssueKey: second.a } })).toBe(0);
  });

  it('the same pair asked for five times at once is one pair', async () => {
    const [a, b] = [await issueIn(pair.a), await issueIn(pair.b)];
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => ask(a, b)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await pair.quiet();
    expect(await pair.b.ctx.db.twin.count({ where: { localIssueKey: b, endedAt: null } })).toBe(1);
  });
});

describe('a message that is lost or doubled while two issues are connected', () => {
  it('changes nothing: the request is stored once, and the answer may come before its acknowledgement', async () => {
    const [a, b] = [await issueIn(pair.a), await issueIn(pair.b)];
    await comment(pair.a, a, 'home in A');
    await comment(pair.b, b, 'home in B');
    const twinId = await connect(a, b, { comments: false });
    // The request comes again, long after everything is done.
    const there = await pair.b.ctx.db.twin.findFirstOrThrow({ where: { localIssueKey: b } });
    const here = await pair.a.ctx.db.twin.findUniqueOrThrow({ where: { id: twinId } });
    const { receiveMessages } = await import('#/services/sync/receive-messages.ts');
    const [result] = await receiveMessages(pair.b.ctx, {
      connectionId: pair.b.connectionId,
      messages: [
        {
          id: crypto.randomUUID(),
          twin: here.uid,
          number: 1,
          kind: 'connect',
          content: true,
          issue: { id: here.localIssueId ?? '', key: a, projectKey: 'TEST', parentTwin: null, subtask: false },
          delta: {
            fields: {},
            comments: [
              {
                uid: 'initiator:1',
                body: 'home in A',
                authorName: 'Jane Doe',
                createdMs: 1,
                stamp: { time: 1, side: 'initiator' },
                deleted: null,
              },
            ],
            attachments: [],
          },
          progress: { applied: 0, comments: { done: 0, total: 0 }, attachments: { done: 0, total: 0 }, error: null },
          ended: null,
          connect: { issueKey: b, comments: false, attachments: true, winner: 'sender' },
        },
      ],
    });
    expect(result?.result).toBe('stored');
    await runLane(pair.b.ctx, there.id, 'test');
    await pair.quiet();
    expect(await bodies(pair.b, b)).toEqual(['home in B']);
    expect(await pair.b.ctx.db.twin.count({ where: { localIssueKey: b } })).toBe(1);
  });

  it('what is edited before the other side has compared the two issues stays at home too', async () => {
    const [a, b] = [await issueIn(pair.a), await issueIn(pair.b)];
    await comment(pair.a, a, 'home in A');
    await pair.b.jira.control.addFault({
      kind: 'latency',
      ms: 1_200,
      match: { method: 'GET', path: '/issue/', user: 'admin', count: 2 },
    });
    const { twinId } = await ask(a, b, { comments: false });
    const [home] = (await pair.a.issue(a)).comments;
    await pair.a.rest('PUT', `/issue/${a}/comment/${home?.id}`, { body: 'home in A, edited' });
    await comment(pair.a, a, 'new in A');
    await waitFor('the new comment', async () => (await bodies(pair.b, b)).length > 0);
    await waitFor('the end', async () => (await syncStatus(pair.a.ctx, { twinId })).status === 'Synchronized');
    await pair.quiet();
    expect(await bodies(pair.b, b)).toEqual(['*Jane Doe:*\nnew in A']);
  });
});
