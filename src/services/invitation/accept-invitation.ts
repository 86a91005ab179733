import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { nameWithPartner } from '#/engine/connection/connection-name.ts';
import type { InvitationContent } from '#/engine/invitation/invitation.ts';
import type { TrackerProject } from '#/engine/ports.ts';
import { ownColumns } from '../connection/initiate-connection.ts';
import { isUniqueViolation } from '../connection/is-unique-violation.ts';
import { projectIdSchema, requireIncomingProject } from '../connection/list-incoming-projects.ts';
import { parseInput } from '../connection/parse-input.ts';
import { partnerColumns } from '../connection/partner-columns.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import { reserveName } from '../connection/unique-name.ts';
import type { Connection, ServiceContext } from '../context.ts';
import { ServiceError } from '../errors.ts';
import { PeerError } from '../peer-channel.ts';
import { alone, completeHandshake } from './complete-handshake.ts';
import { openHandshake, sealHandshake } from './handshake-state.ts';
import { inviterError } from './inviter-error.ts';
import { faultFromReason } from './invitation-texts.ts';
import { readCode } from './read-code.ts';
import { plainText } from '../plain-text.ts';

/** Longer than the inviting node may take to answer. */
const patienceMs = 25_000;
const lookAgainMs = 100;

const inputSchema = z.object({
  /** Made by the wizard; sending it twice makes one connection. */
  draftId: z.uuid(),
  code: plainText(200_000),
  projectId: projectIdSchema,
});

/**
 * Accepts an invitation; both ends are active afterwards. The row with this side's key is stored before the inviting
 * node is asked, so whatever fails after that, accepting again (here or by the rescue loop) ends in the same connection.
 */
export async function acceptInvitation(
  ctx: ServiceContext,
  input: { draftId: string; code: string; projectId: string },
): Promise<{ connectionId: string }> {
  const admin = requireAdmin(ctx);
  const { draftId, code, projectId } = parseInput(inputSchema, input);
  const done = await ctx.db.connection.findUnique({ where: { id: draftId }, select: { side: true, status: true } });
  if (done !== null && done.side === 'acceptor' && done.status !== 'pending') return { connectionId: draftId };
  const invitation = readCode(ctx, code);
  const project = await requireIncomingProject(ctx, projectId, 'projectId');
  const wanted = { admin, draftId, invitation, project };
  for (const endMs = Date.now() + patienceMs; ; await sleep(lookAgainMs)) {
    const { id } = await ensureRow(ctx, wanted);
    // Two admins, or two clicks, take turns: the second finds the connection of the first.
    if ((await alone(ctx, id, () => handshake(ctx, id, wanted))) === true) return { connectionId: id };
    if (Date.now() > endMs) throw beingAccepted();
  }
}

/** false when there is nothing to shake hands about any more. */
async function handshake(ctx: ServiceContext, id: string, wanted: Wanted): Promise<boolean> {
  const row = await ctx.db.connection.findUnique({ where: { id } });
  if (row === null) return false;
  if (row.handshake === null) return true;
  try {
    await completeHandshake(ctx, await resume(ctx, row, wanted), wanted.admin);
    return true;
  } catch (error) {
    if (!(error instanceof PeerError)) throw error;
    // The inviting node will never accept this one: leave nothing behind. Else the row stays, to be resumed.
    if (faultFromReason(error.reason) !== null)
      await ctx.db.connection.deleteMany({ where: { id: row.id, status: 'pending' } });
    await ctx.wake.pages({ kind: 'connection', id: row.id });
    throw inviterError(error, wanted.invitation.nodeInfo);
  }
}

function beingAccepted(): ServiceError {
  return new ServiceError('conflict', {
    summary: 'This invitation is just being accepted.',
    why: 'Somebody else pressed Confirm, and the inviting node has not answered yet.',
    remedy: 'Look at the list of connections in a minute.',
    field: 'code',
  });
}

type Wanted = { admin: string; draftId: string; invitation: InvitationContent; project: TrackerProject };

async function ensureRow(ctx: ServiceContext, wanted: Wanted): Promise<Connection> {
  const uidSide = { uid: wanted.invitation.connection.uid, side: 'acceptor' as const };
  const existing = await ctx.db.connection.findUnique({ where: { uid_side: uidSide } });
  if (existing !== null) return existing;
  try {
    return await createRow(ctx, wanted);
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const other = await ctx.db.connection.findUnique({ where: { uid_side: uidSide } });
    if (other === null)
      throw new ServiceError('conflict', {
        summary: 'This dialog was already used for another connection.',
        why: 'A connection with the same draft exists.',
        remedy: 'Open "Accept invitation" again and paste the code.',
        cause: error,
      });
    return other;
  }
}

/** Keeps the key pair of the first try; the code may be a renewed one, and the project may have been changed meanwhile. */
async function resume(ctx: ServiceContext, row: Connection, { invitation, project }: Wanted): Promise<Connection> {
  if (row.handshake === null || row.status !== 'pending') return row;
  const state = openHandshake(ctx, row.id, row.handshake);
  const handshake = sealHandshake(ctx, row.id, {
    privateKey: state.privateKey,
    secret: invitation.invitationSecret,
    inviter: invitation.nodeInfo,
  });
  const columns = { projectId: project.id, projectKey: project.key, projectName: project.name };
  await ctx.db.connection.updateMany({
    where: { id: row.id, status: 'pending' },
    data: { ...columns, handshake },
  });
  return { ...row, ...columns, handshake };
}

async function createRow(ctx: ServiceContext, { admin, draftId, invitation, project }: Wanted): Promise<Connection> {
  const { connection, nodeInfo } = invitation;
  const handshake = sealHandshake(ctx, draftId, {
    privateKey: randomBytes(32).toString('base64url'),
    secret: invitation.invitationSecret,
    inviter: nodeInfo,
  });
  return ctx.db.$transaction(async (tx) => {
    const name = await reserveName(tx, nameWithPartner(connection.name, nodeInfo.name, ctx.node.name));
    const row = await tx.connection.create({
      data: {
        ...ownColumns(ctx, { id: draftId, uid: connection.uid, name, project, admin }),
        ...partnerColumns(nodeInfo),
        side: 'acceptor',
        type: ctx.node.pollOnly || nodeInfo.pollOnly ? 'private' : 'public',
        status: 'pending',
        handshake,
      },
    });
    await tx.auditEntry.create({
      data: {
        actor: admin,
        verb: 'invitation.accept',
        target: draftId,
        data: { uid: connection.uid, partner: nodeInfo.instanceUid, project: project.key },
      },
    });
    return row;
  });
}
