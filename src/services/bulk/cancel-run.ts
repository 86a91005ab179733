import { z } from 'zod';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { findRun } from './run-view.ts';

/** Nothing further is begun; what is done stays done, and what is being worked on is finished and still counted (`settleCancelled`). */
export async function cancelRun(ctx: ServiceContext, input: { runId: string }): Promise<void> {
  const admin = requireAdmin(ctx);
  const { runId } = parseInput(z.object({ runId: z.uuid() }), input);
  const run = await findRun(ctx, runId);
  await ctx.db.$transaction(async (tx) => {
    const { count } = await tx.bulkRun.updateMany({
      where: { id: runId, endedAt: null },
      data: { status: 'cancelled', endedAt: new Date(ctx.clock.now()), waitingFor: null },
    });
    if (count === 0) return;
    await tx.auditEntry.create({
      data: { actor: admin, verb: 'bulk.cancel', target: runId, data: { kind: run.kind } },
    });
  });
  await ctx.wake.pages({ kind: 'connection', id: run.connectionId });
}
