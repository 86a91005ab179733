import type { ServiceContext } from '../context.ts';
import { ServiceError } from '../errors.ts';
import { PeerError } from '../peer-channel.ts';
import { alone, completeHandshake } from './complete-handshake.ts';

const AT_ONCE = 20;

/**
 * Finishes acceptances whose reply was lost or whose process died, for the rescue loop. Gives how many became active.
 * What keeps failing stays pending, with the reason in its status.
 */
export async function resumeAcceptances(ctx: ServiceContext): Promise<number> {
  const rows = await ctx.db.connection.findMany({
    where: { side: 'acceptor', status: 'pending', handshake: { not: null } },
    orderBy: { createdAt: 'asc' },
    take: AT_ONCE,
  });
  let finished = 0;
  for (const row of rows) {
    try {
      const actor = ctx.actor.kind === 'admin' ? ctx.actor.name : 'system';
      const done = await alone(ctx, row.id, () => completeHandshake(ctx, row, actor).then(() => true));
      if (done === true) finished++;
    } catch (error) {
      if (!(error instanceof PeerError) && !(error instanceof ServiceError)) throw error;
    }
  }
  return finished;
}
