/** The mark that an issue carries since sync made it. */
import { z } from 'zod';
import { TrackerError } from '#/engine/ports.ts';
import type { ServiceContext } from '../context.ts';
import { twinProperty } from '../sync/create-issue.ts';
import type { IssueToBegin } from './begin-twins.ts';

const markSchema = z.object({ connection: z.string(), twin: z.string() });

/** Which twin the issue was made for; `gone` when it cannot be seen any more. */
export async function markOf(
  ctx: ServiceContext,
  issueId: string,
): Promise<z.infer<typeof markSchema> | 'none' | 'gone'> {
  try {
    const mark = markSchema.safeParse(await ctx.jira().issueProperty(issueId, twinProperty));
    return mark.success ? mark.data : 'none';
  } catch (error) {
    if (error instanceof TrackerError && error.code === 'not_found') return 'gone';
    throw error;
  }
}

/**
 * Of these issues those that are being created by sync right now: made for a twin that does not know it yet. No clock is
 * asked, so Jira's may be wrong; Jira is asked only while a creation is open, and not about what somebody else made.
 */
export async function beingCreated(
  ctx: ServiceContext,
  connectionUid: string,
  issues: readonly IssueToBegin[],
): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const suspects = issues.filter(({ foreign }) => foreign !== true).map(({ id }) => id);
  if (suspects.length === 0) return found;
  const open = await ctx.db.$queryRaw<{ uid: string }[]>`
    SELECT t.uid FROM write_intent w JOIN twin t ON t.id = w."twinId" JOIN connection c ON c.id = t."connectionId"
    WHERE w.kind = 'create_issue' AND c.uid = ${connectionUid}::uuid AND t."localIssueId" IS NULL`;
  if (open.length === 0) return found;
  const twins = new Set(open.map(({ uid }) => uid));
  const known = await ctx.db.twin.findMany({
    where: { localIssueId: { in: suspects }, endedAt: null, connection: { uid: connectionUid } },
    select: { localIssueId: true },
  });
  const knownIds = new Set(known.map(({ localIssueId }) => localIssueId));
  for (const id of suspects.filter((suspect) => !knownIds.has(suspect))) {
    const mark = await markOf(ctx, id);
    if (typeof mark === 'object' && twins.has(mark.twin)) found.add(id);
  }
  return found;
}
