import { z } from 'zod';
import { Prisma } from '#/db/generated/client.ts';
import type { SyncError } from '#/db/models.ts';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { isMailFault } from '../notification/mail-fault.ts';
import { forgetMailPause } from '../notification/send-due-mail.ts';
import { partnerTriesAgain } from '../sync/reported-error.ts';
import { findError } from './find-error.ts';

/** Tries again, here and where the partner is stuck, what stopped with this error: one twin, or all waiting work of its connection or of the node. */
export async function retryError(ctx: ServiceContext, input: { id: string }): Promise<{ woken: number }> {
  const admin = requireAdmin(ctx);
  const { id } = parseInput(z.object({ id: z.uuid() }), input);
  const error = await findError(ctx, id);
  if (isMailFault(error.code)) {
    await forgetMailPause(ctx);
    await noteRetry(ctx, admin, error);
    return { woken: 0 };
  }
  ctx.jira().forgetCaches();
  if (error.connectionId !== null) {
    await ctx.db.connection.updateMany({ where: { id: error.connectionId }, data: { partnerRetryAt: null } });
  }
  const rows = await ctx.db.$queryRaw<{ id: string }[]>`
    UPDATE twin SET "wakeAt" = now(), ${partnerTriesAgain}
    WHERE "endedAt" IS NULL AND (status = 'error' OR "errorCode" IS NOT NULL OR attempts > 0 OR "wakeAt" IS NOT NULL) AND ${placeOf(error)}
    RETURNING id`;
  if (error.impact === 'trigger' && error.connectionId !== null) {
    await ctx.db.trigger.updateMany({ where: { connectionId: error.connectionId }, data: { retryAt: null } });
  }
  await noteRetry(ctx, admin, error);
  await ctx.wake.twins(rows.map((row) => row.id));
  return { woken: rows.length };
}

/** A condition per case: one that asks whether there is a twin at all would read all of them. */
function placeOf({ twinId, connectionId }: { twinId: string | null; connectionId: string | null }): Prisma.Sql {
  if (twinId !== null) return Prisma.sql`id = ${twinId}::uuid`;
  return connectionId === null ? Prisma.sql`TRUE` : Prisma.sql`"connectionId" = ${connectionId}::uuid`;
}

async function noteRetry(ctx: ServiceContext, admin: string, error: SyncError): Promise<void> {
  await ctx.db.auditEntry.create({
    data: { actor: admin, verb: 'retry', target: error.summary, data: { code: error.code } },
  });
}
