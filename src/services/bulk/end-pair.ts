import type { ServiceContext } from '../context.ts';
import { endTwin } from '../sync/end-twin.ts';
import { leaveLane, takeLane } from '../sync/lane.ts';

/** Takes a pair out of sync; false while its lane is busy with something. Ending it twice changes nothing. */
export async function endPair(ctx: ServiceContext, twinId: string): Promise<boolean> {
  const lane = await takeLane(ctx, twinId, `bulk-${ctx.ids.uuid()}`);
  if (lane === null) return (await ctx.db.twin.count({ where: { id: twinId, endedAt: null } })) === 0;
  try {
    if (lane.twin.endedAt === null) await endTwin(lane, 'unexalated');
  } finally {
    await leaveLane(lane, new Date(ctx.clock.now()));
  }
  return true;
}
