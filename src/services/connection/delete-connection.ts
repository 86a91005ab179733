import { z } from 'zod';
import type { ServiceContext } from '../context.ts';
import { findConnection } from './find-connection.ts';
import { parseInput } from './parse-input.ts';
import { requireAdmin } from './require-admin.ts';
import { tellPartner } from './tell-partner.ts';

const inputSchema = z.object({ id: z.uuid() });

/** More pairs than that are removed by the worker, as one transaction would last too long. */
const atOnce = 500;

export interface Deleted {
  partnerTold: boolean;
  /** What the worker still has to remove; until then the connection is listed as being deleted, and good for nothing else. */
  pairsLeft: number;
}

/**
 * Deletes the connection with all its twins; issues and their content stay. A partner that cannot be reached learns it from
 * the answer to its next message.
 */
export async function deleteConnection(ctx: ServiceContext, input: { id: string }): Promise<Deleted> {
  const admin = requireAdmin(ctx);
  const { id } = parseInput(inputSchema, input);
  const { row, pairsLeft } = await ctx.db.$transaction(async (tx) => {
    // An acceptance that is just being stored comes first: then its partner is told.
    await tx.$queryRaw`SELECT id FROM connection WHERE id = ${id}::uuid FOR UPDATE`;
    const found = await findConnection(tx, id);
    const { uid, name } = found;
    const pairs = await tx.twin.count({ where: { connection: { uid } } });
    const underSync = await tx.twin.count({ where: { connectionId: id, endedAt: null } });
    const many = pairs > atOnce;
    if (many)
      await tx.connection.updateMany({
        where: { uid },
        data: {
          status: 'deleting',
          statusDetail: null,
          statusSince: new Date(ctx.clock.now()),
          channelKey: null,
          rekey: null,
        },
      });
    else await tx.connection.deleteMany({ where: { uid } });
    await tx.auditEntry.create({
      data: { actor: admin, verb: 'connection.delete', target: id, data: { uid, name, underSync } },
    });
    return { row: found, pairsLeft: many ? pairs : 0 };
  });
  await ctx.wake.pages({ kind: 'connection', id });
  return { partnerTold: await tellPartner(ctx, row, { kind: 'deleted' }), pairsLeft };
}

/** Goes on with a connection that is being deleted: some of its pairs, or at last itself. False when there is none. */
export async function deletionStep(ctx: ServiceContext): Promise<boolean> {
  const connection = await ctx.db.connection.findFirst({ where: { status: 'deleting' }, select: { id: true } });
  if (connection === null) return false;
  const { id } = connection;
  const count = await ctx.db.$executeRaw`
    DELETE FROM twin WHERE id IN (
      SELECT id FROM twin WHERE "connectionId" = ${id}::uuid LIMIT ${atOnce} FOR UPDATE SKIP LOCKED)`;
  const left = count > 0 || (await ctx.db.twin.count({ where: { connectionId: id } })) > 0;
  if (!left) await ctx.db.connection.deleteMany({ where: { id, status: 'deleting' } });
  await ctx.wake.pages({ kind: 'connection', id });
  return true;
}
