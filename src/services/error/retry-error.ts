import { z } from 'zod';
import type { SyncError } from '#/db/models.ts';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { isMailFault } from '../notification/mail-fault.ts';
import { forgetMailPause } from '../notification/send-due-mail.ts';
import { findError } from './find-error.ts';

/** Tries again what stopped with this error: one twin, or all waiting work of its connection or of the node. */
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
    UPDATE twin SET "wakeAt" = now()
    WHERE "endedAt" IS NULL AND ("errorCode" IS NOT NULL OR attempts > 0 OR "wakeAt" IS NOT NULL)
      AND (${error.twinId}::uuid IS NULL OR id = ${error.twinId}::uuid)
      AND (${error.connectionId}::uuid IS NULL OR "connectionId" = ${error.connectionId}::uuid)
    RETURNING id`;
  if (error.impact === 'trigger') {
    await ctx.db.trigger.updateMany({ where: { connectionId: error.connectionId ?? '' }, data: { retryAt: null } });
  }
  await noteRetry(ctx, admin, error);
  await ctx.wake.twins(rows.map((row) => row.id));
  return { woken: rows.length };
}

async function noteRetry(ctx: ServiceContext, admin: string, error: SyncError): Promise<void> {
  await ctx.db.auditEntry.create({
    data: { actor: admin, verb: 'retry', target: error.summary, data: { code: error.code } },
  });
}
