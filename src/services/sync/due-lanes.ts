import { Prisma } from '#/db/generated/client.ts';
import type { ServiceContext } from '../context.ts';

/** Between them are all priorities; a handful is in use, and one after the other is looked up in the index. */
const lowestPriority = 32_767;

/** Twins whose connection is not held (C10): as long as it is, their lanes stay due and nobody takes them. */
const notHeld = Prisma.sql`"connectionId" <> ALL (ARRAY(SELECT id FROM connection WHERE hold IS NOT NULL))`;

/**
 * Lanes that are due: woken, or left behind by a worker that died. Single changes come before bulk work. Costs what is due,
 * however many lanes wait for a later time: each priority is read from `twin_due` up to now.
 */
export async function dueLanes(ctx: ServiceContext, limit: number): Promise<string[]> {
  const rows = await ctx.db.$queryRaw<{ id: string }[]>`
    WITH RECURSIVE level AS (
      (SELECT priority FROM twin WHERE "wakeAt" IS NOT NULL ORDER BY priority LIMIT 1)
      UNION ALL
      SELECT (SELECT t.priority FROM twin t WHERE t."wakeAt" IS NOT NULL AND t.priority > level.priority ORDER BY t.priority LIMIT 1)
      FROM level WHERE level.priority < ${lowestPriority}
    ), woken AS (
      SELECT due.* FROM level CROSS JOIN LATERAL (
        SELECT id, priority, "wakeAt" FROM twin
        WHERE priority = level.priority AND "wakeAt" <= now() AND ("leaseUntil" IS NULL OR "leaseUntil" < now()) AND ${notHeld}
        ORDER BY "wakeAt" LIMIT ${limit}
      ) due
    ), abandoned AS (
      SELECT id, priority, "wakeAt" FROM twin WHERE "leaseUntil" < now() AND ${notHeld} ORDER BY "leaseUntil" LIMIT ${limit}
    )
    SELECT id FROM (SELECT * FROM woken UNION SELECT * FROM abandoned) due ORDER BY priority, "wakeAt" LIMIT ${limit}`;
  return rows.map((row) => row.id);
}

/** Milliseconds until the next lane is due, at most `maxMs`. */
export async function nextDueInMs(ctx: ServiceContext, maxMs: number): Promise<number> {
  const rows = await ctx.db.$queryRaw<{ inMs: number | null }[]>`
    WITH RECURSIVE level AS (
      (SELECT priority FROM twin WHERE "wakeAt" IS NOT NULL ORDER BY priority LIMIT 1)
      UNION ALL
      SELECT (SELECT t.priority FROM twin t WHERE t."wakeAt" IS NOT NULL AND t.priority > level.priority ORDER BY t.priority LIMIT 1)
      FROM level WHERE level.priority < ${lowestPriority}
    )
    SELECT (extract(epoch FROM min(next."wakeAt") - now()) * 1000)::float8 AS "inMs" FROM level CROSS JOIN LATERAL (
      SELECT "wakeAt" FROM twin WHERE priority = level.priority AND "wakeAt" IS NOT NULL AND "leaseUntil" IS NULL AND ${notHeld}
      ORDER BY "wakeAt" LIMIT 1
    ) next`;
  const inMs = rows[0]?.inMs ?? maxMs;
  return Math.min(maxMs, Math.max(50, inMs));
}

/** Whether any lane is due, or at work. */
export async function lanesAreBusy(ctx: ServiceContext): Promise<boolean> {
  const rows = await ctx.db.$queryRaw<{ busy: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM twin WHERE "wakeAt" <= now() AND ${notHeld})
      OR EXISTS (SELECT 1 FROM twin WHERE "leaseUntil" > now()) AS busy`;
  return rows[0]?.busy ?? true;
}
