import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeInvitation } from '#/engine/invitation/decode-invitation.ts';
import { x25519PublicKey } from '#/engine/connection/x25519.ts';
import { ownNodeInfo } from '#/services/connection/own-node-info.ts';
import { channelTarget } from '#/services/connection/channel-target.ts';
import { initiateConnection } from '#/services/connection/initiate-connection.ts';
import { acceptInvitation } from '#/services/invitation/accept-invitation.ts';
import { invitationCode } from '#/services/invitation/invitation-code.ts';
import { peekInvitation } from '#/services/invitation/peek-invitation.ts';
import { renewInvitation } from '#/services/invitation/renew-invitation.ts';
import { resumeAcceptances } from '#/services/invitation/resume-acceptances.ts';
import { revokeInvitation } from '#/services/invitation/revoke-invitation.ts';
import { deleteConnection } from '#/services/connection/delete-connection.ts';
import { START, startTestNode, type TestNode } from '../connection/support/test-node.ts';

let a: TestNode;
let b: TestNode;
let c: TestNode;
beforeAll(async () => {
  [a, b, c] = await Promise.all([startTestNode('Alpha'), startTestNode('Beta'), startTestNode('Gamma')]);
});
afterAll(async () => {
  await Promise.all([a, b, c].map((node) => node.stop()));
});

const WEEK = 7 * 24 * 3600 * 1000;

async function invite(from: TestNode, to: TestNode | null) {
  const { connectionId } = await initiateConnection(from.admin, {
    draftId: randomUUID(),
    destinationUrl: to === null ? null : to.ctx.node.exalateUrl,
    mode: 'BASIC',
    projectId: from.projects.first,
  });
  return { connectionId, ...(await invitationCode(from.admin, { connectionId })) };
}
const accept = (node: TestNode, code: string, draftId: string = randomUUID()) =>
  acceptInvitation(node.admin, { draftId, code, projectId: node.projects.first });
const row = (node: TestNode, id: string) => node.ctx.db.connection.findUniqueOrThrow({ where: { id } });
const acceptorRows = (node: TestNode, code: string) => {
  const decoded = decodeInvitation(code);
  if (!decoded.ok) throw new Error(decoded.fault);
  return node.ctx.db.connection.findMany({ where: { uid: decoded.invitation.connection.uid } });
};
const settled = async <T>(work: Promise<T>) =>
  work.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );

describe('handshake', () => {
  it('makes both ends active with one key that neither database holds in the clear', async () => {
    const { connectionId, code } = await invite(a, null);
    expect((await row(a, connectionId)).status).toBe('pending');
    const peeked = await peekInvitation(b.admin, { code });
    expect(peeked).toMatchObject({ inviter: { name: 'Alpha', exalateUrl: a.ctx.node.exalateUrl }, mode: 'BASIC' });

    const accepted = await accept(b, code);
    const [left, right] = [await row(a, connectionId), await row(b, accepted.connectionId)];
    expect(left).toMatchObject({
      status: 'active',
      side: 'initiator',
      partnerName: 'Beta',
      name: 'Alpha to Beta',
      partnerProjectName: 'Beta One',
    });
    expect(right).toMatchObject({
      status: 'active',
      side: 'acceptor',
      partnerName: 'Alpha',
      name: 'Alpha to Beta',
      handshake: null,
    });
    expect(left.uid).toBe(right.uid);
    const key = channelTarget(a.ctx, left).key;
    expect(channelTarget(b.ctx, right).key).toBe(key);

    const decoded = decodeInvitation(code);
    const secret = decoded.ok ? decoded.invitation.invitationSecret : '';
    expect(key).not.toBe(secret);
    for (const node of [a, b]) {
      const all = JSON.stringify([
        await node.ctx.db.connection.findMany(),
        await node.ctx.db.invitation.findMany(),
        await node.ctx.db.auditEntry.findMany({ select: { data: true } }),
        node.log,
      ]);
      expect(all).not.toContain(secret);
      expect(all).not.toContain(key);
      expect(all).not.toContain(code);
    }
    expect(a.told.pages).toContainEqual({ kind: 'connection', id: connectionId });
  });

  it('gives the same code each time it is copied, and none after it was used', async () => {
    const { connectionId, code } = await invite(a, b);
    expect((await invitationCode(a.admin, { connectionId })).code).toBe(code);
    expect((await invitationCode(a.admin, { connectionId })).acceptUrl).toBe(
      `${b.ctx.node.exalateUrl}/connections/accept#${code}`,
    );
    await accept(b, code);
    await expect(invitationCode(a.admin, { connectionId })).rejects.toMatchObject({ code: 'conflict' });
  });

  it('lets one of two nodes win that accept at the same moment, and leaves nothing on the other', async () => {
    for (let round = 0; round < 5; round++) {
      const { connectionId, code } = await invite(a, null);
      const results = await Promise.all([settled(accept(b, code)), settled(accept(c, code))]);
      const lost = results.filter((result) => 'error' in result);
      expect(lost).toHaveLength(1);
      expect(lost[0]).toMatchObject({
        error: { code: 'invitation_invalid', summary: expect.stringContaining('already used') },
      });
      const rows = [...(await acceptorRows(b, code)), ...(await acceptorRows(c, code))];
      expect(rows.map(({ status }) => status)).toEqual(['active']);
      const initiator = await row(a, connectionId);
      const winner =
        rows[0]?.id === undefined ? null : [b, c].find((node) => node.ctx.node.instanceUid === initiator.partnerUid);
      expect(winner).toBeDefined();
      expect(rows[0] && winner && channelTarget(winner.ctx, rows[0]).key).toBe(channelTarget(a.ctx, initiator).key);
    }
  });

  it('makes one connection when Confirm is pressed twice at once', async () => {
    const { code } = await invite(a, b);
    const draftId = randomUUID();
    const results = await Promise.all([accept(b, code, draftId), accept(b, code, draftId), accept(b, code, draftId)]);
    expect(new Set(results.map(({ connectionId }) => connectionId))).toEqual(new Set([draftId]));
    expect(await acceptorRows(b, code)).toMatchObject([{ status: 'active' }]);
  });

  it('survives a lost reply: pressing Confirm again ends in the same connection with the same key', async () => {
    const { connectionId, code } = await invite(a, b);
    a.faults.push('lose');
    const draftId = randomUUID();
    await expect(accept(b, code, draftId)).rejects.toMatchObject({ code: 'partner_unreachable', field: 'code' });
    expect((await row(a, connectionId)).status).toBe('active');
    expect(await row(b, draftId)).toMatchObject({ status: 'pending', channelKey: null });

    await accept(b, code, draftId);
    const [left, right] = [await row(a, connectionId), await row(b, draftId)];
    expect(right.status).toBe('active');
    expect(channelTarget(b.ctx, right).key).toBe(channelTarget(a.ctx, left).key);
  });

  it('survives a lost reply without anybody pressing anything, also when the week is over', async () => {
    const { connectionId, code } = await invite(a, b);
    a.faults.push('lose');
    const draftId = randomUUID();
    await expect(accept(b, code, draftId)).rejects.toMatchObject({ code: 'partner_unreachable' });
    a.clock.set(START + 2 * WEEK);
    expect(await resumeAcceptances(b.ctx)).toBe(1);
    a.clock.set(START);
    expect(channelTarget(b.ctx, await row(b, draftId)).key).toBe(channelTarget(a.ctx, await row(a, connectionId)).key);
    expect(await resumeAcceptances(b.ctx)).toBe(0);
  });

  it('does not give the stored reply to somebody else who has the code', async () => {
    const { code } = await invite(a, null);
    await accept(b, code);
    await expect(accept(c, code)).rejects.toMatchObject({
      code: 'invitation_invalid',
      summary: expect.stringContaining('used'),
    });
    expect(await acceptorRows(c, code)).toEqual([]);
  });
});

describe('the inviting node', () => {
  it('answers a repeated request alike only for the same key, and refuses the same node with another one', async () => {
    const { code } = await invite(a, b);
    const decoded = decodeInvitation(code);
    if (!decoded.ok) throw new Error(decoded.fault);
    const { invitation } = decoded;
    const ask = (acceptorKey: string, secret = invitation.invitationSecret) =>
      ownNodeInfo(b.ctx).then((nodeInfo) =>
        b.ctx.peer.acceptInvitation(a.ctx.node.exalateUrl, {
          secret,
          connectionUid: invitation.connection.uid,
          acceptorKey,
          nodeInfo,
          project: { key: 'ONE', name: 'Beta One' },
        }),
      );
    const key = (fill: number) => x25519PublicKey(Buffer.alloc(32, fill));
    await expect(ask(key(1), 'A'.repeat(43))).rejects.toMatchObject({ reason: 'invitation_unknown' });
    await expect(ask('A'.repeat(43))).rejects.toMatchObject({ code: 'refused', reason: 'invalid_request' });
    const reply = await ask(key(1));
    expect(await Promise.all([ask(key(1)), ask(key(1))])).toEqual([reply, reply]);
    await expect(ask(key(2))).rejects.toMatchObject({ code: 'refused', reason: 'invitation_used' });
    await expect(ask(key(1), 'A'.repeat(43))).rejects.toMatchObject({ reason: 'invitation_unknown' });
  });
});

describe('an invitation is refused with its own reason', () => {
  const refusedWith = (text: string) => ({
    code: 'invitation_invalid',
    field: 'code',
    summary: expect.stringContaining(text),
  });

  it('when it was revoked, and a renewed one is another code that works', async () => {
    const { connectionId, code } = await invite(a, b);
    await revokeInvitation(a.admin, { connectionId });
    await revokeInvitation(a.admin, { connectionId });
    await expect(peekInvitation(b.admin, { code })).rejects.toMatchObject(refusedWith('revoked'));
    await expect(accept(b, code)).rejects.toMatchObject(refusedWith('revoked'));
    expect(await acceptorRows(b, code)).toEqual([]);
    await expect(invitationCode(a.admin, { connectionId })).rejects.toMatchObject({ code: 'conflict' });

    await renewInvitation(a.admin, { connectionId });
    const renewed = await invitationCode(a.admin, { connectionId });
    expect(renewed.code).not.toBe(code);
    await expect(accept(b, code)).rejects.toMatchObject(refusedWith('does not know'));
    await accept(b, renewed.code);
    expect((await row(a, connectionId)).status).toBe('active');
  });

  it('when it has expired by either clock', async () => {
    const { code, expiresAt } = await invite(a, b);
    expect(expiresAt.getTime()).toBe(START + WEEK);
    b.clock.set(START + WEEK);
    await expect(peekInvitation(b.admin, { code })).rejects.toMatchObject(refusedWith('expired'));
    b.clock.set(START);
    a.clock.set(START + WEEK);
    await expect(peekInvitation(b.admin, { code })).rejects.toMatchObject(refusedWith('expired'));
    await expect(accept(b, code)).rejects.toMatchObject(refusedWith('expired'));
    a.clock.set(START);
    expect(await acceptorRows(b, code)).toEqual([]);
  });

  it('when it was made here, is bound to another node, or its connection was deleted', async () => {
    const { connectionId, code } = await invite(a, b);
    await expect(peekInvitation(a.admin, { code })).rejects.toMatchObject(refusedWith('this node itself'));
    await expect(peekInvitation(c.admin, { code })).rejects.toMatchObject(refusedWith('another node'));
    await deleteConnection(a.admin, { id: connectionId });
    await expect(peekInvitation(b.admin, { code })).rejects.toMatchObject(refusedWith('does not know'));
  });

  it('when the inviting node cannot be reached, keeping the acceptance for later', async () => {
    const { code } = await invite(a, b);
    a.faults.push('lose');
    await expect(peekInvitation(b.admin, { code })).rejects.toMatchObject({
      code: 'partner_unreachable',
      summary: expect.stringContaining('Alpha'),
    });
    await expect(peekInvitation(b.admin, { code })).resolves.toBeDefined();
  });

  it('when issues cannot be created in the chosen project', async () => {
    const { code } = await invite(a, b);
    await expect(
      acceptInvitation(b.admin, { draftId: randomUUID(), code, projectId: b.projects.closed }),
    ).rejects.toMatchObject({ code: 'invalid_input', field: 'projectId' });
    expect(await acceptorRows(b, code)).toEqual([]);
  });

  it('for everybody who is not an admin', async () => {
    const { code } = await invite(a, b);
    await expect(
      acceptInvitation(b.ctx, { draftId: randomUUID(), code, projectId: b.projects.first }),
    ).rejects.toMatchObject({ code: 'forbidden' });
    await expect(peekInvitation(b.ctx, { code })).rejects.toMatchObject({ code: 'forbidden' });
  });
});

describe('a choice made anew in the wizard', () => {
  const initiate = (draftId: string, projectId: string, to: TestNode | null = null) =>
    initiateConnection(a.admin, {
      draftId,
      destinationUrl: to === null ? null : to.ctx.node.exalateUrl,
      mode: 'BASIC',
      projectId,
    });

  it('of the project counts for the invitation that was made, whose code stays', async () => {
    const id = randomUUID();
    await initiate(id, a.projects.first);
    const { code } = await invitationCode(a.admin, { connectionId: id });
    expect(await initiate(id, a.projects.second)).toEqual({ connectionId: id, status: 'pending' });
    expect(await row(a, id)).toMatchObject({ projectId: a.projects.second, status: 'pending' });
    expect(await invitationCode(a.admin, { connectionId: id })).toMatchObject({ code });
    const { connectionId } = await accept(b, code);
    expect((await row(b, connectionId)).partnerProjectKey).toBe((await row(a, id)).projectKey);
  });

  it('of the destination makes another invitation, and the code of the first is dead', async () => {
    const id = randomUUID();
    await initiate(id, a.projects.first);
    const { code } = await invitationCode(a.admin, { connectionId: id });
    await initiate(id, a.projects.first, b);
    expect(await row(a, id)).toMatchObject({ partnerName: 'Beta', status: 'pending' });
    await expect(accept(c, code)).rejects.toMatchObject({ code: 'invitation_invalid' });
    await accept(b, (await invitationCode(a.admin, { connectionId: id })).code);
    expect((await row(a, id)).status).toBe('active');
  });

  it('is refused once the invitation has been accepted, and nothing changes', async () => {
    const id = randomUUID();
    await initiate(id, a.projects.first);
    await accept(b, (await invitationCode(a.admin, { connectionId: id })).code);
    await expect(initiate(id, a.projects.second)).rejects.toMatchObject({ code: 'conflict', field: 'projectId' });
    expect((await row(a, id)).projectId).toBe(a.projects.first);
    expect(await initiate(id, a.projects.first)).toEqual({ connectionId: id, status: 'active' });
  });
});
