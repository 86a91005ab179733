/** A comment that the proxy user may merely not see is not a deleted one (A8, C8). */
import { describe, expect, it } from 'vitest';
import { setConnectionActive } from '#/services/connection/set-connection-active.ts';
import { hintIssues } from '#/services/sync/hints.ts';
import { syncStatus } from '#/services/twin/sync-status.ts';
import { startVerify } from '#/services/verify/start-verify.ts';
import { verifyStatus } from '#/services/verify/verify-status.ts';
import { usePair } from '../../support/pair.ts';
import type { Company } from '../../support/pair.ts';
import { waitFor } from '../../support/wait-for.ts';

const pair = usePair();
const role = 'Administrators';
const restricted = { type: 'role', value: role };

async function newPair(...comments: { body: string; visibility?: typeof restricted }[]) {
  await roleOf('admin', 'jane');
  const { json } = await pair.a.rest('POST', '/issue', {
    fields: { project: { key: 'TEST' }, issuetype: { name: 'Task' }, summary: 'With comments' },
  });
  const { id, key } = json as { id: string; key: string };
  for (const comment of comments) await pair.a.rest('POST', `/issue/${key}/comment`, comment);
  const keyB = await pair.sync(key);
  await waitFor('the copies', async () => (await bodies(pair.b, keyB)).length === comments.length);
  await pair.quiet();
  const twin = await pair.a.ctx.db.twin.findFirstOrThrow({ where: { localIssueKey: key } });
  return { id, keyA: key, keyB, twinId: twin.id };
}

const roleOf = (...members: string[]) => pair.a.jira.control.setRole({ project: 'TEST', role, members });
const bodies = async (company: Company, key: string) => (await company.issue(key)).comments.map(({ body }) => body);
const copy = (body: string) => `*Jane Doe:*\n${body}`;
const timeline = async (twinId: string) =>
  (await syncStatus(pair.a.ctx, { twinId })).timeline.map(({ text }) => text).join('\n');

/** Reads the issue of A again, although its Jira tells of no change. */
async function lookAgain(id: string): Promise<void> {
  await hintIssues(pair.a.ctx, [id]);
  await pair.quiet();
}

async function verifyAll(): Promise<void> {
  const { runId } = await startVerify(pair.a.ctx);
  await waitFor('the verification', async () => {
    const status = await verifyStatus(pair.a.ctx);
    return status?.runId === runId && status.state === 'done';
  });
  await pair.quiet();
}

describe('a restricted comment whose role the proxy user loses', () => {
  it('stays on the other side, is noted, and is there on both sides when the role is back and all was verified', async () => {
    const { id, keyA, keyB, twinId } = await newPair({ body: 'for few', visibility: restricted });
    await roleOf('jane');
    await lookAgain(id);
    expect(await bodies(pair.b, keyB)).toEqual([copy('for few')]);
    expect(await timeline(twinId)).toContain('The proxy user may not see 1 comment here any more');
    await roleOf('admin', 'jane');
    await lookAgain(id);
    await verifyAll();
    expect(await bodies(pair.a, keyA)).toEqual(['for few']);
    expect(await bodies(pair.b, keyB)).toEqual([copy('for few')]);
  });

  it('is deleted on the other side once it is really deleted', async () => {
    const { id, keyA, keyB, twinId } = await newPair({ body: 'for few', visibility: restricted });
    await roleOf('jane');
    await lookAgain(id);
    const [comment] = (await pair.a.issue(keyA)).comments;
    await pair.a.rest('DELETE', `/issue/${keyA}/comment/${comment?.id}`);
    await waitFor('the deletion', async () => (await bodies(pair.b, keyB)).length === 0);
    await pair.quiet();
    expect(await timeline(twinId)).toContain('Deleted here: 1 comment');
  });

  it('is there again on both sides although Jira had denied that it was there', async () => {
    const { id, keyA, keyB } = await newPair({ body: 'for few', visibility: restricted });
    await roleOf('jane');
    await pair.a.jira.control.addFault({
      kind: 'respond',
      status: 404,
      contentType: 'application/json',
      headers: { 'X-AUSERNAME': 'admin' },
      body: JSON.stringify({ errorMessages: ['No such comment.'], errors: {} }),
      match: { method: 'GET', path: '/comment/\\d+/properties' },
    });
    await lookAgain(id);
    expect(await bodies(pair.b, keyB)).toEqual([]);
    await pair.a.jira.control.clearFaults();
    await roleOf('admin', 'jane');
    await lookAgain(id);
    await verifyAll();
    expect(await bodies(pair.a, keyA)).toEqual(['for few']);
    expect(await bodies(pair.b, keyB)).toEqual([copy('for few')]);
  });
});

describe('a copy that somebody restricts to a role that the proxy user has not', () => {
  it('deletes no original, and shows what was edited meanwhile once it is in sight again', async () => {
    const { keyA, keyB } = await newPair({ body: 'the original' });
    await pair.b.jira.control.grant({ project: 'TEST', permission: 'EDIT_ALL_COMMENTS', holder: 'user:jane' });
    await pair.b.jira.control.setRole({ project: 'TEST', role: 'Developers', members: ['jane'] });
    const [there] = (await pair.b.issue(keyB)).comments;
    await pair.b.rest('PUT', `/issue/${keyB}/comment/${there?.id}`, {
      body: there?.body,
      visibility: { type: 'role', value: 'Developers' },
    });
    await waitFor('the copy to be known as hidden', () =>
      pair.b.ctx.db.commentTrace.findFirst({ where: { localId: there?.id ?? '', hidden: true } }),
    );
    await pair.quiet();
    expect(await bodies(pair.a, keyA)).toEqual(['the original']);
    const [here] = (await pair.a.issue(keyA)).comments;
    await pair.a.rest('PUT', `/issue/${keyA}/comment/${here?.id}`, { body: 'edited' });
    await pair.quiet();
    expect(await bodies(pair.b, keyB)).toEqual([copy('the original')]);
    await pair.b.jira.control.setRole({ project: 'TEST', role: 'Developers', members: ['admin', 'jane'] });
    await hintIssues(pair.b.ctx, [(await pair.b.issue(keyB)).id]);
    await waitFor('the edit', async () => (await bodies(pair.b, keyB))[0] === copy('edited'));
    await pair.quiet();
    expect(await bodies(pair.a, keyA)).toEqual(['edited']);
    expect((await pair.b.issue(keyB)).comments[0]?.visibility).toEqual({ type: 'role', value: 'Developers' });
  });
});

describe('comments that vanish in very many issues within minutes', () => {
  it('pause the connection with a reason and are not deleted on the other side; an admin lets them go', async () => {
    const { keyA, keyB } = await newPair({ body: 'one of many' });
    const { connectionId } = pair.a;
    await pair.a.ctx.db.$executeRaw`
      WITH others AS (
        INSERT INTO twin (id, "connectionId", uid, "exalatedBy", "endedAt", status)
        SELECT gen_random_uuid(), ${connectionId}::uuid, gen_random_uuid(), 'system', now(), 'unexalated' FROM generate_series(1, 100)
        RETURNING id)
      INSERT INTO timeline_entry ("twinId", kind, data) SELECT id, 'comments_removed', '{"comments": 1}' FROM others`;
    const connection = () => pair.a.ctx.db.connection.findUniqueOrThrow({ where: { id: connectionId } });
    const [comment] = (await pair.a.issue(keyA)).comments;
    await pair.a.rest('DELETE', `/issue/${keyA}/comment/${comment?.id}`);
    await waitFor('the pause', async () => (await connection()).statusCode === 'comments_vanished');
    expect((await connection()).statusDetail).toMatch(/^1\d\d issues under sync have lost comments/);
    expect(await bodies(pair.b, keyB)).toEqual([copy('one of many')]);
    await setConnectionActive(pair.a.ctx, { id: connectionId, active: true });
    await waitFor('the deletion', async () => (await bodies(pair.b, keyB)).length === 0);
    await pair.quiet();
  });
});
