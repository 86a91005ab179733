import { randomBytes } from 'node:crypto';
import { nameWithPartner } from '#/engine/connection/connection-name.ts';
import { confirmation, deriveChannelKey } from '#/engine/connection/channel-key.ts';
import { x25519PublicKey } from '#/engine/connection/x25519.ts';
import { storedInvitationFault } from '#/engine/invitation/invitation-state.ts';
import {
  type AcceptReply,
  acceptReplySchema,
  type AcceptRequest,
  acceptRequestSchema,
} from '#/engine/invitation/invitation.ts';
import { sameHash, secretHash } from '#/engine/invitation/secret-hash.ts';
import { protocolFit } from '#/engine/protocol/version.ts';
import { channelKeyPlace } from '../connection/channel-target.ts';
import { ownNodeInfo } from '../connection/own-node-info.ts';
import { PartnerRefusal } from '../connection/partner-refusal.ts';
import { partnerColumns } from '../connection/partner-columns.ts';
import { reserveName } from '../connection/unique-name.ts';
import type { ServiceContext, Tx } from '../context.ts';
import { refusedInvitation } from './answer-peek.ts';
import { stored } from './stored.ts';

/**
 * Initiator: takes an acceptance. The invitation is consumed by one conditional update, in one transaction with the
 * connection that it makes active; of several acceptors at once one gets it. The same acceptor, known by its
 * ephemeral key, gets the same reply however often it asks. Throws PartnerRefusal.
 */
export async function answerAccept(ctx: ServiceContext, request: unknown): Promise<AcceptReply> {
  const parsed = acceptRequestSchema.safeParse(request);
  if (!parsed.success) throw new PartnerRefusal(400, 'invalid_request', 'This is not a request of this protocol.');
  const accept = parsed.data;
  const found = await findInvitation(ctx, accept);
  if (accept.nodeInfo.instanceUid === ctx.node.instanceUid) throw refusedInvitation('own_code');
  if (found.invitation.boundInstanceUid !== null && found.invitation.boundInstanceUid !== accept.nodeInfo.instanceUid)
    throw refusedInvitation('other_node');
  if (protocolFit(accept.nodeInfo.protocol) !== 'same')
    throw new PartnerRefusal(409, 'protocol_unsupported', 'The two nodes have no protocol version in common.');

  const earlier = repliedBefore(found.invitation, accept);
  if (earlier !== null) {
    await noteProject(ctx, found.connection, accept);
    return earlier;
  }
  const { key, reply } = await makeReply(ctx, found.connection, accept);
  const consumed = await consume(ctx, found, { accept, key, reply });
  if (consumed) {
    await ctx.wake.pages({ kind: 'connection', id: found.connection.id });
    return reply;
  }
  // Somebody was first, perhaps the same acceptor: what it was told holds.
  const { invitation } = await findInvitation(ctx, accept);
  const theirs = repliedBefore(invitation, accept);
  if (theirs !== null) return theirs;
  const fault = storedInvitationFault(stored(invitation), ctx.clock.now());
  ctx.logger.warn({ connection: found.connection.uid, fault }, 'acceptance of an invitation refused');
  throw refusedInvitation(fault ?? 'unknown');
}

type Found = Awaited<ReturnType<typeof findInvitation>>;

async function findInvitation(ctx: ServiceContext, accept: AcceptRequest) {
  const row = await ctx.db.connection.findUnique({
    where: { uid_side: { uid: accept.connectionUid, side: 'initiator' } },
    include: { invitation: true },
  });
  if (row === null || row.invitation === null || !sameHash(row.invitation.secretHash, secretHash(accept.secret)))
    throw refusedInvitation('unknown');
  const { invitation, ...connection } = row;
  return { connection, invitation };
}

/** The stored reply, for the acceptor that it was given to. */
function repliedBefore(invitation: Found['invitation'], accept: AcceptRequest): AcceptReply | null {
  if (invitation.usedBy !== accept.nodeInfo.instanceUid || invitation.acceptorKey !== accept.acceptorKey) return null;
  return acceptReplySchema.parse(invitation.reply);
}

/** The acceptor may have chosen another project after a reply that it never got. */
async function noteProject(
  ctx: ServiceContext,
  { id }: Found['connection'],
  { project }: AcceptRequest,
): Promise<void> {
  const columns = { partnerProjectKey: project.key, partnerProjectName: project.name };
  const { count } = await ctx.db.connection.updateMany({ where: { id, NOT: columns }, data: columns });
  if (count > 0) await ctx.wake.pages({ kind: 'connection', id });
}

async function makeReply(ctx: ServiceContext, connection: Found['connection'], accept: AcceptRequest) {
  const privateBytes = randomBytes(32);
  const transcript = {
    connectionUid: connection.uid,
    initiatorUid: ctx.node.instanceUid,
    acceptorUid: accept.nodeInfo.instanceUid,
    initiatorKey: x25519PublicKey(privateBytes),
    acceptorKey: accept.acceptorKey,
  };
  const key = channelKey(privateBytes, accept, transcript);
  const reply: AcceptReply = {
    initiatorKey: transcript.initiatorKey,
    nodeInfo: await ownNodeInfo(ctx),
    project: { key: connection.projectKey, name: connection.projectName },
    confirm: confirmation(key, transcript),
  };
  return { key, reply };
}

function channelKey(
  privateBytes: Buffer,
  accept: AcceptRequest,
  transcript: Parameters<typeof deriveChannelKey>[0]['transcript'],
): string {
  try {
    return deriveChannelKey({
      privateBytes,
      otherKey: accept.acceptorKey,
      invitationSecret: accept.secret,
      transcript,
    });
  } catch {
    throw new PartnerRefusal(400, 'invalid_request', 'The public key cannot be used.');
  }
}

/** Whether this acceptance got the invitation. */
async function consume(
  ctx: ServiceContext,
  { connection, invitation }: Found,
  { accept, key, reply }: { accept: AcceptRequest; key: string; reply: AcceptReply },
): Promise<boolean> {
  const now = new Date(ctx.clock.now());
  return ctx.db.$transaction(async (tx) => {
    // Connection before invitation, as in every other transaction on both.
    await tx.$queryRaw`SELECT id FROM connection WHERE id = ${connection.id}::uuid FOR UPDATE`;
    const { count } = await tx.invitation.updateMany({
      where: { id: invitation.id, usedAt: null, revokedAt: null, expiresAt: { gt: now } },
      data: { usedAt: now, usedBy: accept.nodeInfo.instanceUid, acceptorKey: accept.acceptorKey, reply: { ...reply } },
    });
    if (count === 0) return false;
    await tx.connection.update({
      // The reply names the project: chosen anew meanwhile, the acceptance fails and is asked for again.
      where: { id: connection.id, status: 'pending', projectId: connection.projectId },
      data: {
        ...partnerColumns(accept.nodeInfo),
        name: await finalName(tx, ctx, connection.name, accept),
        type: accept.nodeInfo.pollOnly ? 'private' : connection.type,
        partnerProjectKey: accept.project.key,
        partnerProjectName: accept.project.name,
        channelKey: ctx.secrets.seal(key, channelKeyPlace(connection.id)),
        status: 'active',
        statusCode: null,
        statusDetail: null,
        statusSince: now,
        activatedAt: now,
      },
    });
    await tx.auditEntry.create({
      data: {
        actor: `partner:${accept.nodeInfo.instanceUid}`,
        verb: 'connection.established',
        target: connection.id,
        data: { uid: connection.uid, project: accept.project.key },
      },
    });
    return true;
  });
}

async function finalName(tx: Tx, ctx: ServiceContext, name: string, accept: AcceptRequest): Promise<string> {
  const wanted = nameWithPartner(name, ctx.node.name, accept.nodeInfo.name);
  return wanted === name ? name : reserveName(tx, wanted);
}
