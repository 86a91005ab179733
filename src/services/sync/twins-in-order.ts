/** Walking over all twins in the order of their ids, for work that goes through all of them slowly. */
import type { SearchHit } from '#/engine/ports.ts';
import type { ServiceContext } from '../context.ts';
import { loadTwin } from './load-twin.ts';
import type { LoadedTwin } from './load-twin.ts';

/** The next twins after `cursor` that have an issue here and whose connection is at work. */
export async function twinsAfter(ctx: ServiceContext, cursor: string | null, limit: number): Promise<LoadedTwin[]> {
  const rows = await ctx.db.twin.findMany({
    where: {
      ...(cursor === null ? {} : { id: { gt: cursor } }),
      endedAt: null,
      localIssueId: { not: null },
      connection: { status: 'active', hold: null },
    },
    orderBy: { id: 'asc' },
    take: limit,
    select: { id: true },
  });
  const twins: LoadedTwin[] = [];
  for (const { id } of rows) {
    const twin = await loadTwin(ctx.db, id);
    if (twin !== null) twins.push(twin);
  }
  return twins;
}

/** Their issues with content, by id, in one search; what is missing is deleted or out of sight. */
export async function showIssues(
  ctx: ServiceContext,
  twins: readonly LoadedTwin[],
): Promise<ReadonlyMap<string, SearchHit>> {
  const ids = twins.flatMap(({ twin }) => (twin.localIssueId === null ? [] : [twin.localIssueId]));
  if (ids.length === 0) return new Map();
  const found = new Map<string, SearchHit>();
  for (let startAt = 0; ;) {
    // Ids are numbers; in quotation marks Jira would take them for keys.
    const jql = `id in (${ids.filter((id) => /^\d+$/.test(id)).join(', ')}) ORDER BY id ASC`;
    const page = await ctx.jira().search({ jql, startAt, maxResults: ids.length, withContent: true });
    for (const hit of page.hits) found.set(hit.id, hit);
    startAt += page.hits.length;
    if (page.hits.length === 0 || startAt >= page.total) return found;
  }
}
