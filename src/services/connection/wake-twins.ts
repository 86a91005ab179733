import type { ServiceContext, Tx } from '../context.ts';

/** Wake-up calls beyond this many are left to the workers' own look at what is due. */
const MOST_CALLS = 500;

/**
 * Makes every lane of these connections due, in one statement (B6: they catch up), also of ended pairs with something
 * left to tell or to settle. `read`: their issues may have changed unseen. Gives the twins to wake after the commit.
 */
export async function makeTwinsDue(
  tx: Tx,
  connectionIds: readonly string[],
  now: Date,
  { read = false }: { read?: boolean } = {},
): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    UPDATE twin SET "wakeAt" = ${now},
      "hintedAt" = CASE WHEN ${read} AND "endedAt" IS NULL AND "localIssueId" IS NOT NULL THEN clock_timestamp() ELSE "hintedAt" END
    WHERE "connectionId" = ANY (${[...connectionIds]}::uuid[])
      AND ("endedAt" IS NULL
        OR EXISTS (SELECT 1 FROM sync_event e WHERE e."twinId" = twin.id)
        OR EXISTS (SELECT 1 FROM sync_request r WHERE r."twinId" = twin.id)
        OR EXISTS (SELECT 1 FROM write_intent i WHERE i."twinId" = twin.id))
    RETURNING id`;
  return rows.map(({ id }) => id);
}

export async function wakeTwins(ctx: ServiceContext, twinIds: readonly string[]): Promise<void> {
  if (twinIds.length > 0) await ctx.wake.twins(twinIds.slice(0, MOST_CALLS));
}
