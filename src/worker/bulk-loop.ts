/** Bulk runs, and what clean-up leaves to do, in small steps beside the lanes. */
import type { ServiceContext } from '#/services/context.ts';
import { bulkStep, nextBulkStepInMs } from '#/services/bulk/bulk-step.ts';
import { settleCancelled } from '#/services/bulk/watch-items.ts';
import { sweepEndedPairs } from '#/services/clean-up/clean-pair.ts';

const idleMs = 1_000;
const sweepEveryMs = 2_000;

/** One turn of the loop; gives the milliseconds to the next one. */
export function createBulkTurn(ctx: ServiceContext, owner: string): () => Promise<number> {
  let sweptAt = -Infinity;
  return async () => {
    if (ctx.clock.now() - sweptAt > sweepEveryMs) {
      sweptAt = ctx.clock.now();
      await sweepEndedPairs(ctx);
      await settleCancelled(ctx);
    }
    await bulkStep(ctx, owner);
    return nextBulkStepInMs(ctx, idleMs);
  };
}
