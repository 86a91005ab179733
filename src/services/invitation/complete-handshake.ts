import { deriveChannelKey, isConfirmed } from '#/engine/connection/channel-key.ts';
import { x25519PublicKey } from '#/engine/connection/x25519.ts';
import type { AcceptReply } from '#/engine/invitation/invitation.ts';
import { channelKeyPlace } from '../connection/channel-target.ts';
import { ownNodeInfo } from '../connection/own-node-info.ts';
import { partnerColumns } from '../connection/partner-columns.ts';
import type { Connection, ServiceContext } from '../context.ts';
import { PeerError } from '../peer-channel.ts';
import { type HandshakeState, openHandshake } from './handshake-state.ts';

/**
 * Acceptor: asks the inviting node with the stored key and makes this end active. May be repeated, also at once from
 * several places. Throws PeerError.
 */
export async function completeHandshake(ctx: ServiceContext, row: Connection, actor: string): Promise<void> {
  if (row.handshake === null) return;
  const state = openHandshake(ctx, row.id, row.handshake);
  const privateBytes = Buffer.from(state.privateKey, 'base64url');
  const acceptorKey = x25519PublicKey(privateBytes);
  const reply = await ctx.peer
    .acceptInvitation(state.inviter.callbackUrl, {
      secret: state.secret,
      connectionUid: row.uid,
      acceptorKey,
      nodeInfo: await ownNodeInfo(ctx),
      project: { key: row.projectKey, name: row.projectName },
    })
    .catch(async (error: unknown) => {
      if (error instanceof PeerError) await noteFailure(ctx, row.id, error);
      throw error;
    });
  const key = channelKeyFrom(ctx, row, state, { acceptorKey, privateBytes, reply });
  await activate(ctx, row, { key, reply, actor });
}

function channelKeyFrom(
  ctx: ServiceContext,
  row: Connection,
  state: HandshakeState,
  { acceptorKey, privateBytes, reply }: { acceptorKey: string; privateBytes: Buffer; reply: AcceptReply },
): string {
  const transcript = {
    connectionUid: row.uid,
    initiatorUid: state.inviter.instanceUid,
    acceptorUid: ctx.node.instanceUid,
    initiatorKey: reply.initiatorKey,
    acceptorKey,
  };
  try {
    const key = deriveChannelKey({
      privateBytes,
      otherKey: reply.initiatorKey,
      invitationSecret: state.secret,
      transcript,
    });
    if (reply.nodeInfo.instanceUid === state.inviter.instanceUid && isConfirmed(key, transcript, reply.confirm))
      return key;
  } catch (cause) {
    throw notProven(cause);
  }
  throw notProven();
}

function notProven(cause?: unknown): PeerError {
  return new PeerError('refused', {
    message: 'The inviting node could not prove that it is the one that made the invitation.',
    reason: 'handshake_not_confirmed',
    cause,
  });
}

async function activate(
  ctx: ServiceContext,
  row: Connection,
  { key, reply, actor }: { key: string; reply: AcceptReply; actor: string },
): Promise<void> {
  const now = new Date(ctx.clock.now());
  await ctx.db.$transaction(async (tx) => {
    const { count } = await tx.connection.updateMany({
      where: { id: row.id, status: 'pending' },
      data: {
        ...partnerColumns(reply.nodeInfo),
        partnerProjectKey: reply.project.key,
        partnerProjectName: reply.project.name,
        channelKey: ctx.secrets.seal(key, channelKeyPlace(row.id)),
        handshake: null,
        status: 'active',
        statusCode: null,
        statusDetail: null,
        statusSince: now,
        activatedAt: now,
      },
    });
    if (count === 1)
      await tx.auditEntry.create({
        data: { actor, verb: 'connection.established', target: row.id, data: { uid: row.uid } },
      });
  });
  await ctx.wake.pages({ kind: 'connection', id: row.id });
}

async function noteFailure(ctx: ServiceContext, id: string, error: PeerError): Promise<void> {
  await ctx.db.connection.updateMany({
    where: { id, status: 'pending' },
    data: { statusCode: error.reason ?? error.code, statusDetail: error.message },
  });
}
