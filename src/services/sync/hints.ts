/** "This issue may have changed": from webhooks, polling and sweeps. The lane reads the issue itself (C7). */
import type { ServiceContext } from '../context.ts';

/**
 * Marks the twins of these local issues for reading; returns how many there were. Whoever works on a lane sees the hint
 * when giving it back, so only the others are woken; a lane that is due already is left so. That matters because sync's own
 * writes are hinted at too, and a new `wakeAt` costs the row an entry in each of its indexes.
 */
export async function hintIssues(ctx: ServiceContext, issueIds: readonly string[]): Promise<number> {
  if (issueIds.length === 0) return 0;
  const rows = await ctx.db.$queryRaw<{ id: string; taken: boolean | null }[]>`
    UPDATE twin SET "hintedAt" = clock_timestamp(),
      "wakeAt" = CASE WHEN "leaseUntil" > now() THEN "wakeAt" ELSE LEAST("wakeAt", now()) END
    WHERE "localIssueId" = ANY(${[...issueIds]}::text[]) AND "endedAt" IS NULL
    RETURNING id, "leaseUntil" > now() AS taken`;
  await ctx.wake.twins(rows.filter(({ taken }) => taken !== true).map(({ id }) => id));
  return rows.length;
}

/** Gathers hints for a moment: Jira sends two deliveries for one comment, and bulk changes send thousands. */
export function createHintCollector(
  hint: (issueIds: readonly string[]) => Promise<unknown>,
  onError: (error: unknown) => void,
  gatherMs = 50,
): (issueId: string) => void {
  const waiting = new Set<string>();
  let timer: NodeJS.Timeout | null = null;
  return (issueId) => {
    waiting.add(issueId);
    timer ??= setTimeout(() => {
      timer = null;
      const issueIds = [...waiting];
      waiting.clear();
      hint(issueIds).catch(onError);
    }, gatherMs);
  };
}
