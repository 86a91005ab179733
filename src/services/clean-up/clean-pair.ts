import type { ServiceContext } from '../context.ts';
import { buildMessage } from '../sync/message.ts';
import { leaveLane, takeLane } from '../sync/lane.ts';
import { saveLane } from '../sync/save-twin.ts';

/**
 * Ends a pair and forgets it, at once and whatever is queued; the partner is told to do the same. The row itself stays until
 * the partner has heard, and nothing else of it does. False while its lane is busy. Doing it twice changes nothing.
 */
export async function cleanPair(ctx: ServiceContext, twinId: string): Promise<boolean> {
  const lane = await takeLane(ctx, twinId, `clean-${ctx.ids.uuid()}`);
  if (lane === null) return (await ctx.db.twin.count({ where: { id: twinId, cleanedAt: null } })) === 0;
  try {
    const { twin } = lane;
    if (twin.cleanedAt === null) {
      const known = twin.outNumber > 0 || twin.exalatedBy === 'partner';
      twin.endedAt ??= new Date(ctx.clock.now());
      twin.status = 'unexalated';
      twin.errorCode = null;
      const message = known ? buildMessage(lane, { kind: 'ended', ended: 'cleaned_up' }) : null;
      await saveLane(lane, {
        ...(message === null ? {} : { newEvent: message }),
        ...(lane.event === null ? {} : { eventDone: lane.event.id }),
        merged: lane.requests.map((request) => request.id),
      });
      await forgetRows(ctx, twinId);
    }
  } finally {
    await leaveLane(lane, new Date(ctx.clock.now()));
  }
  return true;
}

async function forgetRows(ctx: ServiceContext, twinId: string): Promise<void> {
  await ctx.db.$transaction([
    ctx.db.commentTrace.deleteMany({ where: { twinId } }),
    ctx.db.attachmentTrace.deleteMany({ where: { twinId } }),
    ctx.db.writeIntent.deleteMany({ where: { twinId } }),
    ctx.db.timelineEntry.deleteMany({ where: { twinId } }),
    ctx.db.syncError.deleteMany({ where: { twinId } }),
    ctx.db.twin.update({ where: { id: twinId }, data: { cleanedAt: new Date(ctx.clock.now()) } }),
  ]);
}

/** Pairs of the connection that had ended before. */
export async function forgetEndedPairs(ctx: ServiceContext, connectionId: string): Promise<void> {
  await ctx.db.$executeRaw`
    UPDATE twin SET "cleanedAt" = now() WHERE "connectionId" = ${connectionId}::uuid AND "endedAt" IS NOT NULL AND "cleanedAt" IS NULL`;
}

const atOnce = 500;

/**
 * Removes cleaned pairs whose partner has heard, or can never hear, of it; and wakes ended ones that still have their end to
 * tell since their connection was off.
 */
export async function sweepEndedPairs(ctx: ServiceContext): Promise<void> {
  await ctx.db.$executeRaw`
    DELETE FROM twin WHERE id IN (
      SELECT t.id FROM twin t JOIN connection c ON c.id = t."connectionId"
      WHERE t."cleanedAt" IS NOT NULL AND t."endedAt" IS NOT NULL AND (t."leaseUntil" IS NULL OR t."leaseUntil" < now())
        AND (c."statusCode" IS NOT DISTINCT FROM 'partner_connection_gone' OR (
          NOT EXISTS (SELECT 1 FROM sync_event e WHERE e."twinId" = t.id)
          AND NOT EXISTS (SELECT 1 FROM sync_request r WHERE r."twinId" = t.id)))
      LIMIT ${atOnce})`;
  await ctx.db.$executeRaw`
    UPDATE twin SET "wakeAt" = now() WHERE id IN (
      SELECT t.id FROM sync_event e JOIN twin t ON t.id = e."twinId" JOIN connection c ON c.id = t."connectionId"
      WHERE e.kind COLLATE "C" = 'ended'
        AND t."endedAt" IS NOT NULL AND t."wakeAt" IS NULL AND t."leaseUntil" IS NULL AND c.status = 'active'
        AND t."errorCode" IS NULL AND e."createdAt" < now() - interval '5 seconds'
      LIMIT ${atOnce})`;
}
