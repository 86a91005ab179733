/** Several admins, on one node or on both, who do something with one invitation at the same moment. */
import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { channelTarget } from '#/services/connection/channel-target.ts';
import { deleteConnection } from '#/services/connection/delete-connection.ts';
import { initiateConnection } from '#/services/connection/initiate-connection.ts';
import { setConnectionActive } from '#/services/connection/set-connection-active.ts';
import { acceptInvitation } from '#/services/invitation/accept-invitation.ts';
import { invitationCode } from '#/services/invitation/invitation-code.ts';
import { renewInvitation } from '#/services/invitation/renew-invitation.ts';
import { revokeInvitation } from '#/services/invitation/revoke-invitation.ts';
import { waitFor } from '../../support/wait-for.ts';
import { startTestNode, type TestNode } from '../connection/support/test-node.ts';

let a: TestNode;
let b: TestNode;
beforeAll(async () => {
  [a, b] = await Promise.all([startTestNode('Alpha'), startTestNode('Beta')]);
});
afterAll(async () => {
  await Promise.all([a, b].map((node) => node.stop()));
});

async function invite(): Promise<{ id: string; uid: string; code: string }> {
  const { connectionId: id } = await initiateConnection(a.admin, {
    draftId: randomUUID(),
    destinationUrl: null,
    mode: 'BASIC',
    projectId: a.projects.first,
  });
  const { uid } = await a.ctx.db.connection.findUniqueOrThrow({ where: { id } });
  return { id, uid, code: (await invitationCode(a.admin, { connectionId: id })).code };
}
const accept = (code: string, draftId: string = randomUUID(), projectId = b.projects.first) =>
  acceptInvitation(b.admin, { draftId, code, projectId });
const endsAtB = (uid: string) => b.ctx.db.connection.findMany({ where: { uid } });
const endAtA = (id: string) => a.ctx.db.connection.findUnique({ where: { id }, include: { invitation: true } });
const worked = (results: readonly PromiseSettledResult<unknown>[]): boolean[] =>
  results.map(({ status }) => status === 'fulfilled');

/** Runs `work` while other sessions find this connection locked, as in the middle of a transaction. */
async function whileLocked<T>(node: TestNode, id: string, work: () => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: node.databaseUrl });
  await client.connect();
  try {
    await client.query('BEGIN');
    await client.query('SELECT id FROM connection WHERE id = $1 FOR UPDATE', [id]);
    return await work();
  } finally {
    await client.query('COMMIT');
    await client.end();
  }
}

/** So many sessions of this node wait for a lock. */
async function waiting(node: TestNode, sessions: number): Promise<void> {
  await waitFor(`${sessions} sessions to wait`, async () => {
    const [row] = await node.ctx.db.$queryRaw<{ n: number }[]>`
      SELECT count(*)::int AS n FROM pg_stat_activity
      WHERE datname = current_database() AND wait_event_type = 'Lock'`;
    return (row?.n ?? 0) >= sessions;
  });
}

describe('of several admins', () => {
  it.each([['revoke first'], ['accept first'], ['by chance'], ['by chance'], ['by chance']])(
    'one who revokes and one who accepts: exactly one wins, and both sides agree who (%s)',
    async (order) => {
      const { id, uid, code } = await invite();
      const revoke = () => revokeInvitation(a.admin, { connectionId: id });
      let both: Promise<PromiseSettledResult<unknown>[]>;
      if (order === 'by chance') both = Promise.allSettled([revoke(), accept(code)]);
      else {
        // Both stand before the same locked row; who came first goes first.
        const begun = await whileLocked(a, id, async () => {
          const steps = order === 'revoke first' ? [revoke, () => accept(code)] : [() => accept(code), revoke];
          const started: Promise<unknown>[] = [];
          for (const [n, step] of steps.entries()) {
            started.push(step());
            await waiting(a, n + 1);
          }
          return { all: Promise.allSettled(order === 'revoke first' ? started : started.toReversed()) };
        });
        both = begun.all;
      }
      const [revoked, accepted] = worked(await both);
      expect([revoked, accepted].filter(Boolean)).toHaveLength(1);
      if (order === 'revoke first') expect(revoked).toBe(true);
      if (order === 'accept first') expect(accepted).toBe(true);
      const here = await endAtA(id);
      const there = await endsAtB(uid);
      if (accepted === true) {
        expect(here).toMatchObject({ status: 'active', invitation: { revokedAt: null, usedAt: expect.any(Date) } });
        expect(there).toMatchObject([{ status: 'active' }]);
        expect(await setConnectionActive(a.admin, { id, active: false })).toEqual({ partnerTold: true });
      } else {
        expect(here).toMatchObject({ status: 'pending', invitation: { revokedAt: expect.any(Date), usedAt: null } });
        expect(there).toEqual([]);
      }
    },
  );

  it('who revoke, renew and accept at once leave one story on both sides', async () => {
    for (let round = 0; round < 6; round += 1) {
      const { id, uid, code } = await invite();
      const results = await Promise.allSettled([
        revokeInvitation(a.admin, { connectionId: id }),
        renewInvitation(a.admin, { connectionId: id }),
        accept(code),
        accept(code),
      ]);
      const here = await endAtA(id);
      const there = await endsAtB(uid);
      const accepted = worked(results.slice(2)).some(Boolean);
      expect(here?.status).toBe(accepted ? 'active' : 'pending');
      expect(there.map(({ status }) => status)).toEqual(accepted ? ['active'] : []);
      if (here === null || !accepted) continue;
      expect(there[0] && channelTarget(b.ctx, there[0]).key).toBe(channelTarget(a.ctx, here).key);
    }
  });

  it('two who accept the same code in two browsers end in one connection', async () => {
    for (let round = 0; round < 4; round += 1) {
      const { id, uid, code } = await invite();
      const results = await Promise.all([accept(code), accept(code, randomUUID(), b.projects.second)]);
      expect(new Set(results.map(({ connectionId }) => connectionId)).size).toBe(1);
      const there = await endsAtB(uid);
      expect(there).toMatchObject([{ status: 'active' }]);
      const here = await endAtA(id);
      expect(here).toMatchObject({ status: 'active' });
      // What the initiator was told is what the acceptor works with.
      expect(here?.partnerProjectKey).toBe(there[0]?.projectKey);
    }
  });

  it('one who deletes what the other is accepting on the same node: both sides know that it is gone', async () => {
    const { id, uid, code } = await invite();
    const draftId = randomUUID();
    const accepting = await whileLocked(a, id, async () => {
      const begun = Promise.allSettled([accept(code, draftId)]);
      await waiting(a, 1);
      await deleteConnection(b.admin, { id: draftId });
      return { begun };
    });
    const [result] = await accepting.begun;
    expect(result).toMatchObject({
      status: 'rejected',
      reason: { code: 'conflict', summary: expect.stringContaining('deleted while') },
    });
    expect(await endsAtB(uid)).toEqual([]);
    expect(await endAtA(id)).toMatchObject({ status: 'error', statusCode: 'partner_connection_gone' });
  });

  it('one who deletes what the partner is accepting: whoever comes first, no end is left alone without knowing', async () => {
    for (let round = 0; round < 6; round += 1) {
      const { id, uid, code } = await invite();
      const [, accepted] = worked(await Promise.allSettled([deleteConnection(a.admin, { id }), accept(code)]));
      expect(await endAtA(id)).toBeNull();
      const there = await endsAtB(uid);
      expect(there.length).toBe(accepted === true ? 1 : 0);
      for (const row of there)
        if (row.status === 'active')
          // The notice may have come before this end was active; then the next request tells it.
          await expect(b.ctx.peer.notify(channelTarget(b.ctx, row), { kind: 'activated' })).rejects.toMatchObject({
            code: 'connection_gone',
          });
        else expect(row).toMatchObject({ status: 'error', statusCode: 'partner_connection_gone' });
    }
  });

  it('two who delete the same connection at once are both right', async () => {
    const { id, uid, code } = await invite();
    await accept(code);
    const results = await Promise.allSettled([deleteConnection(a.admin, { id }), deleteConnection(a.admin, { id })]);
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'not_found' });
    expect(worked(results)).toContain(true);
    expect(await endAtA(id)).toBeNull();
    expect(await endsAtB(uid)).toMatchObject([{ status: 'error', statusCode: 'partner_connection_gone' }]);
    expect(await a.ctx.db.auditEntry.count({ where: { verb: 'connection.delete', target: id } })).toBe(1);
  });
});
