import { z } from 'zod';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { partnerTriesAgain } from '../sync/reported-error.ts';
import { ServiceError } from '../errors.ts';
import { findTwin } from './find-twin.ts';

/** Reads the local issue again and sends or writes whatever is due, now; a partner that is stuck tries again. */
export async function syncTwinNow(ctx: ServiceContext, input: { twinId: string }): Promise<void> {
  requireAdmin(ctx);
  const { twinId } = parseInput(z.object({ twinId: z.uuid() }), input);
  const twin = await findTwin(ctx, twinId);
  if (twin.connection.status !== 'active' || twin.connection.partnerDeactivated) throw paused(twin.connection);
  await ctx.db.$executeRaw`
    UPDATE twin SET "hintedAt" = CASE WHEN "localIssueId" IS NULL THEN NULL ELSE clock_timestamp() END, "wakeAt" = now(),
      ${partnerTriesAgain}
    WHERE id = ${twin.id}::uuid AND "endedAt" IS NULL`;
  await ctx.db.connection.updateMany({ where: { id: twin.connectionId }, data: { partnerRetryAt: null } });
  await ctx.wake.twins([twin.id]);
}

function paused({ status }: { status: string }): ServiceError {
  return new ServiceError('conflict', {
    summary: 'This pair is paused: nothing is synchronized now.',
    why:
      status === 'active'
        ? 'The partner has deactivated its end of the connection.'
        : 'The connection is not active on this side.',
    remedy: `Activate the connection ${status === 'active' ? 'over there' : 'here'}; what changed meanwhile follows by itself.`,
  });
}
