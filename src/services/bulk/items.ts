/** Rows of a bulk run. Every change counts itself in the run in the same statement, so that progress is never wrong. */
import type { BulkItem } from '#/db/models.ts';
import type { ServiceContext } from '../context.ts';

export type ItemOutcome = 'pending' | 'working' | 'done' | 'skipped' | 'failed';

export interface NewItem {
  subject: string;
  localIssueId: string | null;
  localKey: string | null;
  remoteKey: string | null;
  twinId: string | null;
  outcome: ItemOutcome;
}

/** Adds rows that are not listed yet. `more` is how many the rest of the walk is thought to have; 0 at its end. */
export async function addItems(
  ctx: ServiceContext,
  runId: string,
  items: readonly NewItem[],
  more: number,
): Promise<void> {
  await ctx.db.$executeRaw`
    WITH added AS (
      INSERT INTO bulk_item ("runId", subject, "localIssueId", "localKey", "remoteKey", "twinId", outcome)
      SELECT ${runId}::uuid, r.subject, r."localIssueId", r."localKey", r."remoteKey", r."twinId", r.outcome
      FROM jsonb_to_recordset(${JSON.stringify(items)}::jsonb) AS r(subject text, "localIssueId" text, "localKey" text,
        "remoteKey" text, "twinId" uuid, outcome text)
      ON CONFLICT ("runId", subject) DO NOTHING
      RETURNING outcome
    )
    UPDATE bulk_run SET
      total = (SELECT count(*) FROM bulk_item WHERE "runId" = ${runId}::uuid) + (SELECT count(*) FROM added) + ${more}::int,
      done = done + (SELECT count(*) FROM added WHERE outcome IN ('done', 'skipped')),
      failed = failed + (SELECT count(*) FROM added WHERE outcome = 'failed')
    WHERE id = ${runId}::uuid`;
}

export async function settleItem(
  ctx: ServiceContext,
  item: Pick<BulkItem, 'id' | 'runId'>,
  to: { outcome: 'working'; twinId: string } | { outcome: 'done' | 'skipped' } | { outcome: 'failed'; error: string },
): Promise<void> {
  const error = 'error' in to ? to.error.slice(0, 2000) : null;
  const twinId = 'twinId' in to ? to.twinId : null;
  await ctx.db.$executeRaw`
    WITH changed AS (
      UPDATE bulk_item SET outcome = ${to.outcome}, error = ${error}, "twinId" = COALESCE(${twinId}::uuid, "twinId")
      WHERE id = ${item.id} AND outcome = 'pending' RETURNING outcome
    )
    UPDATE bulk_run SET
      done = done + (SELECT count(*) FROM changed WHERE outcome IN ('done', 'skipped')),
      failed = failed + (SELECT count(*) FROM changed WHERE outcome = 'failed')
    WHERE id = ${item.runId}::uuid AND EXISTS (SELECT 1 FROM changed WHERE outcome <> 'working')`;
}

export async function retryLater(ctx: ServiceContext, item: Pick<BulkItem, 'id'>, ms: number): Promise<void> {
  await ctx.db.$executeRaw`
    UPDATE bulk_item SET "retryAt" = now() + make_interval(secs => ${ms / 1000}) WHERE id = ${item.id}`;
}

/** Rows to be worked on next. */
export async function pendingItems(ctx: ServiceContext, runId: string, limit: number): Promise<BulkItem[]> {
  return ctx.db.bulkItem.findMany({
    where: { runId, outcome: 'pending', retryAt: { lte: new Date(ctx.clock.now()) } },
    orderBy: { id: 'asc' },
    take: limit,
  });
}

export async function openItems(ctx: ServiceContext, runId: string): Promise<{ pending: number; working: number }> {
  const rows = await ctx.db.$queryRaw<{ outcome: string; count: number }[]>`
    SELECT outcome, count(*)::int AS count FROM bulk_item
    WHERE "runId" = ${runId}::uuid AND outcome IN ('pending', 'working') GROUP BY outcome`;
  const of = (outcome: string): number => rows.find((row) => row.outcome === outcome)?.count ?? 0;
  return { pending: of('pending'), working: of('working') };
}
