import type { FileRefusal, WantedFile } from '#/engine/protocol/poll.ts';
import { TrackerError } from '#/engine/ports.ts';
import { isFileFault } from '#/engine/protocol/file-fault.ts';
import { channelTarget } from '../connection/channel-target.ts';
import { PartnerRefusal } from '../connection/partner-refusal.ts';
import type { ServiceContext } from '../context.ts';
import { ServiceError } from '../errors.ts';
import { PeerError } from '../peer-channel.ts';
import { openAttachment } from './open-attachment.ts';

/** Private node: brings a file that the partner asked for. Gives why it cannot, or null; a broken transfer is asked for again. */
export async function pushFile(
  ctx: ServiceContext,
  { connectionId, file, signal }: { connectionId: string; file: WantedFile; signal: AbortSignal },
): Promise<FileRefusal | null> {
  const connection = await ctx.db.connection.findUnique({ where: { id: connectionId } });
  if (connection === null || connection.status !== 'active') return null;
  try {
    const { body, sizeBytes } = await openAttachment(ctx, { connectionId, twinUid: file.twin, traceUid: file.trace });
    try {
      await ctx.peer.pushAttachment(channelTarget(ctx, connection), { ...file, sizeBytes, body }, signal);
    } finally {
      body.destroy();
    }
    return null;
  } catch (error) {
    if (error instanceof PartnerRefusal && isFileFault(error.code)) return error.code;
    if (error instanceof ServiceError && error.code === 'not_found') return 'not_found';
    if (error instanceof TrackerError)
      return error.code === 'not_found' || error.code === 'forbidden' ? 'not_found' : 'not_ready';
    if (error instanceof PeerError || signal.aborted) {
      ctx.logger.info({ connection: connection.uid, err: error }, 'file could not be brought to the partner');
      return null;
    }
    throw error;
  }
}
