import type { ServiceContext } from '../context.ts';

/** Lanes that are due: woken, or left behind by a worker that died. Single changes come before bulk work. */
export async function dueLanes(ctx: ServiceContext, limit: number): Promise<string[]> {
  const rows = await ctx.db.$queryRaw<{ id: string }[]>`
    SELECT id FROM twin
    WHERE ("wakeAt" <= now() AND ("leaseUntil" IS NULL OR "leaseUntil" < now())) OR "leaseUntil" < now()
    ORDER BY priority, "wakeAt" LIMIT ${limit}`;
  return rows.map((row) => row.id);
}

/** Milliseconds until the next lane is due, at most `maxMs`. */
export async function nextDueInMs(ctx: ServiceContext, maxMs: number): Promise<number> {
  const rows = await ctx.db.$queryRaw<{ inMs: number | null }[]>`
    SELECT (extract(epoch FROM min("wakeAt") - now()) * 1000)::float8 AS "inMs" FROM twin
    WHERE "wakeAt" IS NOT NULL AND "leaseUntil" IS NULL`;
  const inMs = rows[0]?.inMs ?? maxMs;
  return Math.min(maxMs, Math.max(50, inMs));
}
