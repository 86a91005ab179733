/**
 * A database that is started under another Exalate URL belongs to a node that was moved, or to a copy of one (C10). Only an
 * admin can know; until then nothing is synced, because a copy would do everything a second time.
 */
import { z } from 'zod';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { ServiceError } from '../errors.ts';

export interface NodeMove {
  /** The Exalate URL under which this database ran before, and the present one. */
  from: string;
  to: string;
}

/** Whether this node may work at all; also takes over the identity that an admin gave a copy in another process. */
export async function mayWork(ctx: ServiceContext): Promise<boolean> {
  const node = await ctx.db.node.findUniqueOrThrow({
    where: { id: 1 },
    select: { instanceUid: true, startedAs: true },
  });
  ctx.node.instanceUid = node.instanceUid;
  return node.startedAs === null;
}

const inputSchema = z.object({ choice: z.enum(['moved', 'copy']) });
export type MoveChoice = z.infer<typeof inputSchema>['choice'];

/**
 * `moved`: the node keeps its identity, and its partners are told the new address. `copy`: it becomes a node of its own;
 * its connections are switched off and lose their keys, so that it can never speak in the place of the original.
 */
export async function confirmMovedNode(ctx: ServiceContext, input: { choice: MoveChoice }): Promise<void> {
  const admin = requireAdmin(ctx);
  const { choice } = parseInput(inputSchema, input);
  const instanceUid = choice === 'copy' ? ctx.ids.uuid() : null;
  await ctx.db.$transaction(async (tx) => {
    const rows = await tx.$queryRaw<{ exalateUrl: string; startedAs: string | null }[]>`
      SELECT "exalateUrl", "startedAs" FROM node WHERE id = 1 FOR UPDATE`;
    const { exalateUrl = '', startedAs = null } = rows[0] ?? {};
    if (startedAs === null) throw nothingToConfirm();
    await tx.node.update({
      where: { id: 1 },
      data: { exalateUrl: startedAs, startedAs: null, ...(instanceUid === null ? {} : { instanceUid }) },
    });
    if (instanceUid === null) await tx.connection.updateMany({ where: { hold: 'moved' }, data: { hold: 'check_in' } });
    else {
      const now = new Date(ctx.clock.now());
      await tx.invitation.deleteMany();
      await tx.connection.updateMany({
        where: { status: { not: 'deleting' } },
        data: {
          hold: null,
          status: 'deactivated',
          statusCode: null,
          statusDetail: 'This node is a copy of another one; connect again to sync with this partner.',
          statusSince: now,
          channelKey: null,
          previousKey: null,
          rekey: null,
          handshake: null,
        },
      });
      await tx.connection.updateMany({ where: { type: { not: 'local' } }, data: { activatedAt: null } });
      await tx.connection.updateMany({
        where: { type: 'local' },
        data: { partnerUid: instanceUid, partnerUrl: startedAs },
      });
    }
    await tx.auditEntry.create({
      data: { actor: admin, verb: `node.${choice}`, target: 'node', data: { from: exalateUrl, to: startedAs } },
    });
  });
  if (instanceUid !== null) ctx.node.instanceUid = instanceUid;
  await ctx.wake.pages({ kind: 'node' });
}

function nothingToConfirm(): ServiceError {
  return new ServiceError('conflict', {
    summary: 'There is nothing to confirm.',
    why: 'This node runs at the address that it had before, or somebody has confirmed the new one already.',
    remedy: 'Reload the page.',
  });
}
