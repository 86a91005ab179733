import type { BulkItem, BulkRun, Connection } from '#/db/models.ts';
import { jqlList } from '#/engine/jql.ts';
import { TrackerError } from '#/engine/ports.ts';
import type { SearchHit } from '#/engine/ports.ts';
import type { ServiceContext } from '../context.ts';
import { bulkPriority } from '../twin/begin-twins.ts';
import type { IssueToBegin } from '../twin/begin-twins.ts';
import { connectOptionsSchema } from '../twin/connect-state.ts';
import { startConnect } from '../twin/start-connect.ts';
import { madeByProxyUser, projectOf } from '../trigger/never-under-sync.ts';
import { openItems, pendingItems, retryLater, settleItem } from './items.ts';
import { watchItems } from './watch-items.ts';

export type FoundIssue = Pick<SearchHit, 'id' | 'key' | 'createdMs'> & Pick<IssueToBegin, 'foreign'>;

const perStep = 100;
const inFlight = 200;
const postponedMs = 5_000;

/** Bulk Connect: all rows are known from the start; each is begun here and done by its lane. */
export async function connectStep(ctx: ServiceContext, run: BulkRun, connection: Connection): Promise<void> {
  await watchItems(ctx, run.id);
  if ((await openItems(ctx, run.id)).working >= inFlight) return;
  const items = await pendingItems(ctx, run.id, perStep);
  if (items.length === 0) return;
  const found = await findIssues(
    ctx,
    items.map((item) => item.localKey ?? ''),
  );
  const own = await madeByProxyUser(
    ctx,
    [...found.values()].map(({ id }) => id),
  );
  for (const item of items) {
    const key = item.localKey ?? '';
    const hit = found.get(key);
    const issue = hit === undefined ? await readHit(ctx, key) : { ...hit, foreign: !own.has(hit.id) };
    await connectItem(ctx, { run, connection, item, issue });
  }
}

async function connectItem(
  ctx: ServiceContext,
  of: { run: BulkRun; connection: Connection; item: BulkItem; issue: FoundIssue | null },
): Promise<void> {
  const { run, connection, item, issue } = of;
  if (issue === null) {
    const error = `${item.localKey ?? ''} does not exist here, or the proxy user may not see it.`;
    return settleItem(ctx, item, { outcome: 'failed', error });
  }
  const { id, key, createdMs, foreign } = issue;
  const begun = await startConnect(
    ctx,
    connection,
    { id, key, createdMs, projectKey: projectOf(key), foreign: foreign === true },
    {
      ...connectOptionsSchema.parse(run.options),
      remoteKey: item.remoteKey ?? '',
      by: run.startedBy,
      priority: bulkPriority,
    },
  );
  if (begun.kind === 'started') await settleItem(ctx, item, { outcome: 'working', twinId: begun.twinId });
  else if (begun.kind === 'refused') await settleItem(ctx, item, { outcome: 'failed', error: begun.why });
  else await retryLater(ctx, item, postponedMs);
}

/** An issue that was moved has another key now, and one that was just made is not in the index yet: reading finds both. */
export async function readHit(ctx: ServiceContext, key: string): Promise<FoundIssue | null> {
  try {
    return await ctx.jira().readIssue(key);
  } catch (error) {
    if (error instanceof TrackerError && (error.code === 'not_found' || error.code === 'forbidden')) return null;
    throw error;
  }
}

/** Issues of these keys that the proxy user can see, by key; unknown ones are left out instead of failing all. */
export async function findIssues(
  ctx: ServiceContext,
  keys: readonly string[],
): Promise<ReadonlyMap<string, SearchHit>> {
  const found = new Map<string, SearchHit>();
  const wanted = [...new Set(keys)];
  for (let at = 0; at < wanted.length; at += perStep) {
    const some = wanted.slice(at, at + perStep);
    const page = await ctx.jira().search({ jql: `key in ${jqlList(some)}`, startAt: 0, maxResults: some.length });
    for (const hit of page.hits) found.set(hit.key, hit);
  }
  return found;
}
