import type { ServiceContext } from '../context.ts';
import { type ConnectionNotice, PeerError } from '../peer-channel.ts';
import { type ChannelRow, channelTarget } from './channel-target.ts';

const POLLS_LATELY_MS = 40_000;

/**
 * Tells the partner about this end, as far as it can be reached: it finds out by itself at its next message. Gives
 * whether it was told. Call it after the transaction.
 */
export async function tellPartner(
  ctx: ServiceContext,
  row: ChannelRow & { type: string; partnerPollOnly: boolean; partnerSeenAt?: Date | null },
  notice: ConnectionNotice,
): Promise<boolean> {
  if (row.type === 'local' || row.channelKey === null) return false;
  if (row.partnerPollOnly) {
    // Its poll is answered at once, with what this end has become.
    await ctx.polls?.ring(row.id);
    return (row.partnerSeenAt?.getTime() ?? 0) > ctx.clock.now() - POLLS_LATELY_MS;
  }
  try {
    await ctx.peer.notify(channelTarget(ctx, row), notice);
    return true;
  } catch (error) {
    if (!(error instanceof PeerError)) throw error;
    ctx.logger.info({ connection: row.uid, notice: notice.kind, code: error.code }, 'partner could not be told');
    return false;
  }
}
