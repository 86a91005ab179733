import { z } from 'zod';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { findRun, toRunView } from './run-view.ts';
import type { RunView } from './run-view.ts';

const failuresShown = 50;

export interface RunDetail extends RunView {
  /** The first failed rows; all of them are in the CSV. */
  failures: readonly { localKey: string | null; remoteKey: string | null; error: string }[];
}

export async function getRun(ctx: ServiceContext, input: { runId: string }): Promise<RunDetail> {
  requireAdmin(ctx);
  const { runId } = parseInput(z.object({ runId: z.uuid() }), input);
  const run = await findRun(ctx, runId);
  const items = await ctx.db.bulkItem.findMany({
    where: { runId, outcome: 'failed' },
    orderBy: { id: 'asc' },
    take: failuresShown,
    select: { localKey: true, remoteKey: true, error: true },
  });
  return { ...toRunView(ctx, run), failures: items.map((item) => ({ ...item, error: item.error ?? '' })) };
}
