import type { ServiceContext } from '../context.ts';
import { activityKinds } from './activity.ts';

/** Longer than any transaction runs (src/db/client.ts): what is older has been committed. */
const settled = '3 minutes';

/**
 * Counts what the timeline has got since the last time into the days, once: the mark of up to when it is counted moves in
 * the same statement, under a lock of its row. Writes nothing while nothing happens.
 */
export async function rollUpActivity(ctx: ServiceContext): Promise<void> {
  const node = await ctx.db.node.findUnique({ where: { id: 1 }, select: { activityUntil: true } });
  const since = node?.activityUntil ?? new Date(0);
  const fresh = await ctx.db.$queryRaw<unknown[]>`
    SELECT 1 FROM timeline_entry WHERE at >= ${since}::timestamptz AND at < now() - ${settled}::interval LIMIT 1`;
  if (fresh.length === 0) return;
  await ctx.db.$executeRaw`
    WITH mark AS MATERIALIZED (
      SELECT COALESCE("activityUntil", 'epoch') AS since, date_trunc('milliseconds', now() - ${settled}::interval) AS until
      FROM node WHERE id = 1 AND COALESCE("activityUntil", 'epoch') = ${since}::timestamptz FOR UPDATE
    ), done AS (
      SELECT t."connectionId", (e.at AT TIME ZONE 'UTC')::date AS day, count(*)::int AS count
      FROM mark JOIN timeline_entry e ON e.at >= ${since}::timestamptz AND e.at < mark.until JOIN twin t ON t.id = e."twinId"
      WHERE e.kind = ANY(${activityKinds}) GROUP BY 1, 2
    ), added AS (
      INSERT INTO activity_day ("connectionId", day, count) SELECT "connectionId", day, count FROM done
      ON CONFLICT ("connectionId", day) DO UPDATE SET count = activity_day.count + EXCLUDED.count
    )
    UPDATE node SET "activityUntil" = mark.until FROM mark WHERE node.id = 1`;
}
