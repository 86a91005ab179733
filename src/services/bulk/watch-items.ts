import type { ServiceContext } from '../context.ts';

/** A lane that goes on trying counts as failed for the run after so many attempts; it may still succeed later by itself. */
const attemptsMost = 5;

/**
 * What has become of the twins that a run started: synchronized, in error, or ended. Their lanes do the work. A pair that
 * the other side refuses to connect leaves nothing behind.
 */
export async function watchItems(ctx: ServiceContext, runId: string): Promise<void> {
  await ctx.db.$executeRaw`
    WITH seen AS (
      SELECT i.id, t.id AS "twinId", t."errorCode",
        CASE WHEN t.id IS NULL OR t."endedAt" IS NOT NULL THEN 'failed'
          WHEN t.status = 'synchronized' AND t."hintedAt" IS NULL AND t."connect" IS NULL THEN 'done'
          WHEN t.status = 'error' AND t."leaseUntil" IS NULL AND (t."wakeAt" IS NULL OR t.attempts >= ${attemptsMost}) THEN 'failed'
        END AS outcome,
        CASE WHEN t.id IS NULL OR t."endedAt" IS NOT NULL THEN 'The issue was taken out of sync meanwhile.'
          WHEN t."errorCode" IS NULL THEN 'On the other side: ' || COALESCE(NULLIF(concat_ws(' ', t."remoteProgress"->'error'->>'summary', t."remoteProgress"->'error'->>'detail'), ''), 'an error.')
          ELSE COALESCE((SELECT CASE WHEN e.code = 'connect_refused' THEN e.detail ELSE e.summary || ' ' || e.detail END
            FROM sync_error e WHERE e.code = t."errorCode" AND e."twinId" = t.id AND e."resolvedAt" IS NULL ORDER BY e."lastAt" DESC LIMIT 1), t."errorCode")
        END AS error
      FROM bulk_item i LEFT JOIN twin t ON t.id = i."twinId"
      WHERE i."runId" = ${runId}::uuid AND i.outcome = 'working'
    ), settled AS (
      UPDATE bulk_item i SET outcome = seen.outcome, error = CASE WHEN seen.outcome = 'failed' THEN left(seen.error, 2000) END
      FROM seen WHERE seen.id = i.id AND seen.outcome IS NOT NULL AND i.outcome = 'working'
      RETURNING seen.outcome, seen."twinId", seen."errorCode"
    ), removed AS (
      DELETE FROM twin USING settled
      WHERE twin.id = settled."twinId" AND settled."errorCode" = 'connect_refused' AND twin."leaseUntil" IS NULL
    )
    UPDATE bulk_run SET
      done = done + (SELECT count(*) FROM settled WHERE outcome = 'done'),
      failed = failed + (SELECT count(*) FROM settled WHERE outcome = 'failed')
    WHERE id = ${runId}::uuid AND EXISTS (SELECT 1 FROM settled)`;
}

/** Lanes of a cancelled run are not stopped: what becomes of them is counted for as long as it may take. */
export async function settleCancelled(ctx: ServiceContext): Promise<void> {
  const runs = await ctx.db.$queryRaw<{ id: string; connectionId: string; done: number; failed: number }[]>`
    SELECT r.id, r."connectionId", r.done, r.failed FROM bulk_run r
    WHERE r.status = 'cancelled' AND r."endedAt" > now() - interval '1 day'
      AND EXISTS (SELECT FROM bulk_item i WHERE i."runId" = r.id AND i.outcome = 'working')`;
  for (const { id, connectionId, done, failed } of runs) {
    await watchItems(ctx, id);
    const after = await ctx.db.bulkRun.findUnique({ where: { id }, select: { done: true, failed: true } });
    if (after !== null && (after.done !== done || after.failed !== failed))
      await ctx.wake.pages({ kind: 'connection', id: connectionId });
  }
}
