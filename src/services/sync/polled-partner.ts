/**
 * A private partner (D4): nothing can be sent to it. A message waits in `sync_event` until the partner has fetched and
 * stored it, which wakes the lane again; a file is asked for and brought.
 */
import type { Message, MessageResult } from '#/engine/protocol/messages.ts';
import type { Connection, ServiceContext } from '../context.ts';
import { PeerError } from '../peer-channel.ts';
import { Later } from './later.ts';
import type { Partner } from './partner.ts';
import { openPushedFile } from './pushed-file.ts';

/** The acknowledgement wakes the lane; this is for one that was lost together with this node. */
const lookAgainMs = 3_600_000;

export function polledPartner(ctx: ServiceContext, connection: Connection): Partner {
  return {
    send: async (messages) => {
      const results: MessageResult[] = [];
      for (const message of messages) results.push(await outcome(ctx, connection, message));
      return results;
    },
    attachment: (twinUid, traceUid, signal) => openPushedFile(ctx, connection, { twinUid, traceUid, signal }),
  };
}

/** What the partner said of the stored message. Throws {@link Later} while it has said nothing. */
async function outcome(ctx: ServiceContext, connection: Connection, message: Message): Promise<MessageResult> {
  const row = await ctx.db.syncEvent.findUnique({
    where: { id: message.id },
    select: { status: true, lastError: true },
  });
  if (row?.status === 'stored') return { id: message.id, result: 'stored', reason: null };
  if (row?.status === 'refused') {
    // Told once; the next turn of this lane, which an admin's retry or a change brings, offers the message again.
    await setStatus(ctx, message.id, 'held');
    return { id: message.id, result: 'refused', reason: row.lastError };
  }
  if (row?.status === 'held') await setStatus(ctx, message.id, 'pending');
  if (connection.partnerDeactivated)
    throw new PeerError('deactivated', { message: 'The partner’s end of this connection is deactivated.' });
  if (row !== null) await ctx.polls?.ring(connection.id);
  throw new Later(new Date(ctx.clock.now() + lookAgainMs), 'waiting until the private partner fetches the message');
}

async function setStatus(ctx: ServiceContext, id: string, status: 'held' | 'pending'): Promise<void> {
  await ctx.db.syncEvent.updateMany({ where: { id }, data: { status } });
}
