import { z } from 'zod';
import { INVITATION_LIFETIME_MS } from '#/engine/invitation/invitation.ts';
import { secretHash } from '#/engine/invitation/secret-hash.ts';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { invitationSecret } from './invitation-secret.ts';
import { pendingInvitation } from './pending-invitation.ts';

const inputSchema = z.object({ connectionId: z.uuid() });

/** Replaces an expired or revoked invitation by a new one for the same connection; the old code stays dead. */
export async function renewInvitation(ctx: ServiceContext, input: { connectionId: string }): Promise<void> {
  const admin = requireAdmin(ctx);
  const { connectionId } = parseInput(inputSchema, input);
  const now = ctx.clock.now();
  const id = ctx.ids.uuid();
  await ctx.db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT id FROM connection WHERE id = ${connectionId}::uuid FOR UPDATE`;
    const { invitation } = await pendingInvitation(tx, connectionId);
    await tx.invitation.delete({ where: { id: invitation.id } });
    await tx.invitation.create({
      data: {
        id,
        connectionId,
        secretHash: secretHash(invitationSecret(ctx, id)),
        createdAt: new Date(now),
        expiresAt: new Date(now + INVITATION_LIFETIME_MS),
        boundInstanceUid: invitation.boundInstanceUid,
      },
    });
    await tx.connection.update({ where: { id: connectionId }, data: { statusCode: null, statusDetail: null } });
    await tx.auditEntry.create({ data: { actor: admin, verb: 'invitation.renew', target: connectionId } });
  });
  await ctx.wake.pages({ kind: 'connection', id: connectionId });
}
