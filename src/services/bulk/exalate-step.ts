import type { BulkRun, Connection } from '#/db/models.ts';
import type { SearchHit } from '#/engine/ports.ts';
import type { ServiceContext } from '../context.ts';
import { beginTwins, bulkPriority } from '../twin/begin-twins.ts';
import type { Beginning } from '../twin/begin-twins.ts';
import { madeByProxyUser, projectOf } from '../trigger/never-under-sync.ts';
import { addItems, openItems, pendingItems, retryLater, settleItem } from './items.ts';
import type { NewItem } from './items.ts';
import { storeCursor } from './store-cursor.ts';
import { walkMatches } from './walk-matches.ts';
import { watchItems } from './watch-items.ts';

/** So many at most are begun and not finished yet: cancelling stops soon, and single changes always get through. */
const inFlight = 500;
const postponedMs = 5_000;

export async function exalateStep(ctx: ServiceContext, run: BulkRun, connection: Connection): Promise<void> {
  await watchItems(ctx, run.id);
  await retryPostponed(ctx, run, connection);
  const { working } = await openItems(ctx, run.id);
  if (run.listed || working >= inFlight) return;
  const page = await walkMatches(ctx, { jql: run.jql ?? '', stored: run.cursor });
  const begun = await begin(ctx, run, connection, page.hits);
  const items = page.hits.map((hit) => toItem(hit, begun.get(hit.id)));
  await addItems(ctx, run.id, items, page.next === null ? 0 : Math.max(0, page.remaining - page.hits.length));
  await storeCursor(ctx, run, page.next);
}

async function begin(
  ctx: ServiceContext,
  run: BulkRun,
  connection: Connection,
  hits: readonly SearchHit[],
): Promise<ReadonlyMap<string, Beginning>> {
  const own = await madeByProxyUser(
    ctx,
    hits.map(({ id }) => id),
  );
  const issues = hits.map(({ id, key, createdMs }) => ({
    id,
    key,
    projectKey: projectOf(key),
    createdMs,
    foreign: !own.has(id),
  }));
  const begun = await beginTwins(ctx, connection, issues, { by: run.startedBy, priority: bulkPriority });
  await recheck(
    ctx,
    [...begun.values()].flatMap((one) => (one.kind === 'already' ? [one.twinId] : [])),
  );
  return begun;
}

/** What is under sync already is looked at again, after single changes. */
async function recheck(ctx: ServiceContext, twinIds: readonly string[]): Promise<void> {
  if (twinIds.length === 0) return;
  await ctx.db.$executeRaw`
    UPDATE twin SET "hintedAt" = clock_timestamp(), "wakeAt" = LEAST("wakeAt", now()),
      priority = CASE WHEN "wakeAt" IS NULL THEN ${bulkPriority}::smallint ELSE priority END
    WHERE id = ANY(${[...twinIds]}::uuid[]) AND "endedAt" IS NULL AND "localIssueId" IS NOT NULL`;
}

function toItem(hit: SearchHit, begun: Beginning | undefined): NewItem {
  const twinId = begun?.kind === 'started' || begun?.kind === 'already' ? begun.twinId : null;
  return {
    subject: hit.id,
    localIssueId: hit.id,
    localKey: hit.key,
    remoteKey: null,
    twinId,
    outcome: twinId === null ? 'pending' : 'working',
  };
}

/** Issues that sync may just have been creating when their page was read. */
async function retryPostponed(ctx: ServiceContext, run: BulkRun, connection: Connection): Promise<void> {
  const items = await pendingItems(ctx, run.id, 100);
  if (items.length === 0) return;
  const own = await madeByProxyUser(
    ctx,
    items.map((item) => item.localIssueId ?? ''),
  );
  const issues = items.flatMap(({ localIssueId: id, localKey: key }) =>
    id === null || key === null
      ? []
      : [{ id, key, projectKey: projectOf(key), createdMs: ctx.clock.now(), foreign: !own.has(id) }],
  );
  const begun = await beginTwins(ctx, connection, issues, { by: run.startedBy, priority: bulkPriority });
  for (const item of items) {
    const one = begun.get(item.localIssueId ?? '');
    if (one?.kind === 'started' || one?.kind === 'already')
      await settleItem(ctx, item, { outcome: 'working', twinId: one.twinId });
    else await retryLater(ctx, item, postponedMs);
  }
}
