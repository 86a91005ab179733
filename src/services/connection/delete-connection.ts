import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { findConnection } from './find-connection.ts';
import { parseInput } from './parse-input.ts';
import { requireAdmin } from './require-admin.ts';
import { tellPartner } from './tell-partner.ts';

const inputSchema = z.object({ id: z.uuid() });

/**
 * Deletes the connection with all its twins; issues and their content stay. Gives whether the partner was told: one that
 * cannot be reached learns it from the answer to its next message.
 */
export async function deleteConnection(ctx: ServiceContext, input: { id: string }): Promise<{ partnerTold: boolean }> {
  const admin = requireAdmin(ctx);
  const { id } = parseInput(inputSchema, input);
  const row = await ctx.db.$transaction(async (tx) => {
    // An acceptance that is just being stored comes first: then its partner is told.
    await tx.$queryRaw`SELECT id FROM connection WHERE id = ${id}::uuid FOR UPDATE`;
    const found = await findConnection(tx, id);
    const underSync = await tx.twin.count({ where: { connectionId: id, endedAt: null } });
    await tx.connection.deleteMany({ where: { uid: found.uid } });
    await tx.auditEntry.create({
      data: {
        actor: admin,
        verb: 'connection.delete',
        target: id,
        data: { uid: found.uid, name: found.name, underSync },
      },
    });
    return found;
  });
  await ctx.wake.pages({ kind: 'connection', id });
  return { partnerTold: await tellPartner(ctx, row, { kind: 'deleted' }) };
}
