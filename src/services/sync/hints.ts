/** "This issue may have changed": from webhooks, polling and sweeps. The lane reads the issue itself (C7). */
import type { ServiceContext } from '../context.ts';

/**
 * Marks the twins of these local issues for reading; returns how many there were. A lane that is due already is left so:
 * a new `wakeAt` would cost the row an entry in each of its indexes.
 */
export async function hintIssues(ctx: ServiceContext, issueIds: readonly string[]): Promise<number> {
  if (issueIds.length === 0) return 0;
  const rows = await ctx.db.$queryRaw<{ id: string }[]>`
    UPDATE twin SET "hintedAt" = clock_timestamp(), "wakeAt" = LEAST("wakeAt", now())
    WHERE "localIssueId" = ANY(${[...issueIds]}::text[]) AND "endedAt" IS NULL
    RETURNING id`;
  const ids = rows.map((row) => row.id);
  await ctx.wake.twins(ids);
  return ids.length;
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
