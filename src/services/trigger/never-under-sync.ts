import { jqlList } from '#/engine/jql.ts';
import type { SearchHit } from '#/engine/ports.ts';
import type { ServiceContext } from '../context.ts';
import type { IssueToBegin } from '../twin/begin-twins.ts';
import { markOf } from '../twin/mark.ts';

/**
 * The issues that a trigger may put under sync in this connection: not those that have or had a twin in it (what an admin took
 * out of sync stays out), and not those that sync itself made for it, which carry its mark even after a clean-up.
 */
export async function neverUnderSync(
  ctx: ServiceContext,
  connectionUid: string,
  hits: readonly SearchHit[],
): Promise<readonly IssueToBegin[]> {
  if (hits.length === 0) return [];
  const known = await ctx.db.twin.findMany({
    where: { localIssueId: { in: hits.map((hit) => hit.id) }, connection: { uid: connectionUid } },
    select: { localIssueId: true },
    distinct: ['localIssueId'],
  });
  const knownIds = new Set(known.map((twin) => twin.localIssueId));
  const candidates = hits.filter((hit) => !knownIds.has(hit.id));
  const own = await madeByProxyUser(
    ctx,
    candidates.map((hit) => hit.id),
  );
  const issues: IssueToBegin[] = [];
  for (const { id, key, createdMs } of candidates) {
    const ours = own.has(id) && (await isMarked(ctx, id, connectionUid));
    if (!ours) issues.push({ id, key, projectKey: projectOf(key), createdMs, foreign: !own.has(id) });
  }
  return issues;
}

/** One search instead of one read per issue: what other people made cannot carry our mark. */
export async function madeByProxyUser(ctx: ServiceContext, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0) return new Set();
  const page = await ctx.jira().search({
    jql: `id in ${jqlList(ids)} AND creator = currentUser()`,
    startAt: 0,
    maxResults: ids.length,
  });
  return new Set(page.hits.map((hit) => hit.id));
}

/** An issue that is gone meanwhile counts as marked: there is nothing to put under sync. */
async function isMarked(ctx: ServiceContext, issueId: string, connectionUid: string): Promise<boolean> {
  const mark = await markOf(ctx, issueId);
  return mark === 'gone' || (mark !== 'none' && mark.connection === connectionUid);
}

export function projectOf(key: string): string {
  return key.slice(0, key.lastIndexOf('-'));
}
