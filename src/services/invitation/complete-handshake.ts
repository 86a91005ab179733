import { deriveChannelKey, isConfirmed } from '#/engine/connection/channel-key.ts';
import { x25519PublicKey } from '#/engine/connection/x25519.ts';
import type { AcceptReply } from '#/engine/invitation/invitation.ts';
import { channelKeyPlace } from '../connection/channel-target.ts';
import { ownNodeInfo } from '../connection/own-node-info.ts';
import { partnerColumns } from '../connection/partner-columns.ts';
import type { Connection, ServiceContext } from '../context.ts';
import { ServiceError } from '../errors.ts';
import { PeerError } from '../peer-channel.ts';
import { exclusively } from '../sync/loop-lease.ts';
import { type HandshakeState, openHandshake } from './handshake-state.ts';

const leaseSeconds = 20;

/** Runs one step of this end's handshake unless another process or admin is at one; null then. */
export function alone<T>(ctx: ServiceContext, connectionId: string, step: () => Promise<T>): Promise<T | null> {
  return exclusively(ctx, { name: `handshake:${connectionId}`, leaseSeconds }, step);
}

/**
 * Acceptor: asks the inviting node with the stored key and makes this end active. May be repeated. Throws PeerError, and
 * ServiceError when this end was deleted meanwhile.
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
  const established = await ctx.db.$transaction(async (tx) => {
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
    return count === 1 || (await tx.connection.count({ where: { id: row.id } })) === 1;
  });
  if (!established) await deletedMeanwhile(ctx, row, { key, reply });
  await ctx.wake.pages({ kind: 'connection', id: row.id });
}

/** Another admin deleted this end while the inviting node was asked: its end is active, and learns of it now. */
async function deletedMeanwhile(
  ctx: ServiceContext,
  row: Connection,
  { key, reply }: { key: string; reply: AcceptReply },
): Promise<never> {
  const { instanceUid: partnerUid, callbackUrl: partnerUrl } = reply.nodeInfo;
  const target = { connectionUid: row.uid, selfUid: ctx.node.instanceUid, partnerUid, partnerUrl, key };
  await ctx.peer.notify(target, { kind: 'deleted' }).catch((error: unknown) => {
    if (!(error instanceof PeerError)) throw error;
    ctx.logger.info({ connection: row.uid, code: error.code }, 'partner could not be told');
  });
  throw new ServiceError('conflict', {
    summary: 'This connection was deleted while it was being accepted.',
    why: 'Another administrator deleted it on this node.',
    remedy: 'Ask the other side for a new invitation if the connection is wanted after all.',
  });
}

async function noteFailure(ctx: ServiceContext, id: string, error: PeerError): Promise<void> {
  await ctx.db.connection.updateMany({
    where: { id, status: 'pending' },
    data: { statusCode: error.reason ?? error.code, statusDetail: error.message },
  });
}
