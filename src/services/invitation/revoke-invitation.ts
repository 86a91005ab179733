import { z } from 'zod';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { pendingInvitation } from './pending-invitation.ts';

const inputSchema = z.object({ connectionId: z.uuid() });

/** From now on the code is refused. Revoking it again changes nothing; a used one is past revoking (`conflict`). */
export async function revokeInvitation(ctx: ServiceContext, input: { connectionId: string }): Promise<void> {
  const admin = requireAdmin(ctx);
  const { connectionId } = parseInput(inputSchema, input);
  const now = new Date(ctx.clock.now());
  await ctx.db.$transaction(async (tx) => {
    await tx.$queryRaw`SELECT id FROM connection WHERE id = ${connectionId}::uuid FOR UPDATE`;
    const { invitation } = await pendingInvitation(tx, connectionId);
    const { count } = await tx.invitation.updateMany({
      where: { id: invitation.id, usedAt: null, revokedAt: null },
      data: { revokedAt: now },
    });
    if (count === 0) return;
    await tx.connection.update({
      where: { id: connectionId },
      data: { statusCode: 'invitation_revoked', statusDetail: 'The invitation was revoked.', statusSince: now },
    });
    await tx.auditEntry.create({ data: { actor: admin, verb: 'invitation.revoke', target: connectionId } });
  });
  await ctx.wake.pages({ kind: 'connection', id: connectionId });
}
