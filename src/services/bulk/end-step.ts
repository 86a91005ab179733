import type { BulkItem, BulkRun, Connection } from '#/db/models.ts';
import type { ServiceContext } from '../context.ts';
import { addItems, pendingItems, retryLater, settleItem } from './items.ts';
import { endPair } from './end-pair.ts';
import { storeCursor } from './store-cursor.ts';
import { walkMatches } from './walk-matches.ts';

const atOnce = 4;
const perStep = 40;
const busyMs = 2_000;

/** Bulk Unexalate: lists the matches page by page, and ends the pairs of each page before the next one is read. */
export async function unexalateStep(ctx: ServiceContext, run: BulkRun, connection: Connection): Promise<void> {
  const items = await pendingItems(ctx, run.id, perStep);
  if (items.length > 0) return endAll(ctx, items, (twinId) => endPair(ctx, twinId));
  if (!run.listed) await listUnderSync(ctx, run, connection);
}

async function listUnderSync(ctx: ServiceContext, run: BulkRun, connection: Connection): Promise<void> {
  const page = await walkMatches(ctx, { jql: run.jql ?? '', stored: run.cursor });
  const twins = await ctx.db.twin.findMany({
    where: { localIssueId: { in: page.hits.map((hit) => hit.id) }, endedAt: null, connection: { uid: connection.uid } },
    select: { id: true, localIssueId: true, remoteIssueKey: true },
  });
  const twinOf = new Map(twins.map((twin) => [twin.localIssueId, twin]));
  const items = page.hits.map((hit) => {
    const twin = twinOf.get(hit.id);
    return {
      subject: hit.id,
      localIssueId: hit.id,
      localKey: hit.key,
      remoteKey: twin?.remoteIssueKey ?? null,
      twinId: twin?.id ?? null,
      outcome: twin === undefined ? ('skipped' as const) : ('pending' as const),
    };
  });
  await addItems(ctx, run.id, items, page.next === null ? 0 : Math.max(0, page.remaining - page.hits.length));
  await storeCursor(ctx, run, page.next);
}

/** Ends what is pending, a few at a time; a lane that is busy is left for later. */
export async function endAll(
  ctx: ServiceContext,
  items: readonly BulkItem[],
  end: (twinId: string) => Promise<boolean>,
): Promise<void> {
  const waiting = [...items];
  const worker = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      const ended = item.twinId === null || (await end(item.twinId));
      if (ended) await settleItem(ctx, item, { outcome: 'done' });
      else await retryLater(ctx, item, busyMs);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
