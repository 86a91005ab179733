import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { partnerTriesAgain } from '../sync/reported-error.ts';
import { forgetMailPause } from '../notification/send-due-mail.ts';

/** So many lanes are called at once; the workers find the others, beside what people do meanwhile. */
const calledAtOnce = 100;

/** Tries again, however many there are, what stopped with an open error: after an outage one action is enough. */
export async function retryAllErrors(ctx: ServiceContext): Promise<{ retried: number }> {
  const admin = requireAdmin(ctx);
  ctx.jira().forgetCaches();
  const [retried, woken] = await ctx.db.$transaction(async (tx) => {
    const open = await tx.syncError.count({ where: { resolvedAt: null } });
    await tx.$executeRaw`UPDATE connection SET "partnerRetryAt" = NULL WHERE "partnerRetryAt" IS NOT NULL`;
    await tx.$executeRaw`UPDATE sync_trigger SET "retryAt" = NULL WHERE "retryAt" IS NOT NULL`;
    const rows = await tx.$queryRaw<{ id: string }[]>`
      UPDATE twin SET "wakeAt" = now(), ${partnerTriesAgain}
      WHERE "endedAt" IS NULL AND (status = 'error' OR "errorCode" IS NOT NULL OR attempts > 0 OR "wakeAt" > now())
      RETURNING id`;
    await tx.auditEntry.create({
      data: { actor: admin, verb: 'retry', target: 'all open errors', data: { errors: open } },
    });
    return [open, rows] as const;
  });
  await forgetMailPause(ctx);
  await ctx.wake.twins(woken.slice(0, calledAtOnce).map((row) => row.id));
  await ctx.wake.pages({ kind: 'node' });
  return { retried };
}
