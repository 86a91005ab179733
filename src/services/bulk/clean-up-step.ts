import { z } from 'zod';
import type { BulkRun } from '#/db/models.ts';
import type { ServiceContext } from '../context.ts';
import { cleanPair, forgetEndedPairs } from '../clean-up/clean-pair.ts';
import { addItems, pendingItems } from './items.ts';
import { endAll } from './end-step.ts';
import { storeCursor } from './store-cursor.ts';

const pageSize = 500;
const perStep = 40;
const cursorSchema = z.object({ afterId: z.uuid() });

/** Clean-up of a connection: pairs under sync are listed with both keys, ended and forgotten; then those that ended before. */
export async function cleanUpStep(ctx: ServiceContext, run: BulkRun): Promise<void> {
  const items = await pendingItems(ctx, run.id, perStep);
  if (items.length > 0) return endAll(ctx, items, (twinId) => cleanPair(ctx, twinId));
  if (run.listed) return;
  const cursor = cursorSchema.safeParse(run.cursor);
  const twins = await ctx.db.twin.findMany({
    where: {
      connectionId: run.connectionId,
      endedAt: null,
      ...(cursor.success ? { id: { gt: cursor.data.afterId } } : {}),
    },
    orderBy: { id: 'asc' },
    take: pageSize,
    select: { id: true, localIssueId: true, localIssueKey: true, remoteIssueKey: true },
  });
  const more = twins.length < pageSize ? 0 : await remaining(ctx, run, twins.at(-1)?.id ?? '');
  await addItems(
    ctx,
    run.id,
    twins.map((twin) => ({
      subject: twin.id,
      localIssueId: twin.localIssueId,
      localKey: twin.localIssueKey,
      remoteKey: twin.remoteIssueKey,
      twinId: twin.id,
      outcome: 'pending' as const,
    })),
    more,
  );
  const last = twins.at(-1);
  if (last === undefined || twins.length < pageSize) {
    await forgetEndedPairs(ctx, run.connectionId);
    await storeCursor(ctx, run, null);
  } else await storeCursor(ctx, run, { afterId: last.id });
}

async function remaining(ctx: ServiceContext, run: BulkRun, afterId: string): Promise<number> {
  return ctx.db.twin.count({ where: { connectionId: run.connectionId, endedAt: null, id: { gt: afterId } } });
}
