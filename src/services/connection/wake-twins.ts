import type { ServiceContext, Tx } from '../context.ts';

/** Wake-up calls beyond this many are left to the workers' own look at what is due. */
const MOST_CALLS = 500;

/** Makes every lane of these connections due, in one statement (B6: they catch up). Gives the twins to wake after the commit. */
export async function makeTwinsDue(tx: Tx, connectionIds: readonly string[], now: Date): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    UPDATE twin SET "wakeAt" = ${now} WHERE "connectionId" = ANY (${[...connectionIds]}::uuid[]) AND "endedAt" IS NULL
    RETURNING id`;
  return rows.map(({ id }) => id);
}

export async function wakeTwins(ctx: ServiceContext, twinIds: readonly string[]): Promise<void> {
  if (twinIds.length > 0) await ctx.wake.twins(twinIds.slice(0, MOST_CALLS));
}
