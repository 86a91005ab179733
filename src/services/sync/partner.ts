/** The other end of a connection: a node behind the signed channel, a private node that comes for its messages, or the second end of a local connection in this node. */
import type { Readable } from 'node:stream';
import { Fault } from '#/engine/fault/faults.ts';
import type { Message, MessageResult } from '#/engine/protocol/messages.ts';
import { channelTarget } from '../connection/channel-target.ts';
import { PartnerRefusal } from '../connection/partner-refusal.ts';
import { asActor } from '../context.ts';
import type { Connection, ServiceContext } from '../context.ts';
import { ServiceError } from '../errors.ts';
import { PeerError } from '../peer-channel.ts';
import { openAttachment } from './open-attachment.ts';
import { polledPartner } from './polled-partner.ts';
import { receiveMessages } from './receive-messages.ts';

export interface Partner {
  send(messages: readonly Message[]): Promise<readonly MessageResult[]>;
  attachment(twinUid: string, traceUid: string, signal: AbortSignal): Promise<{ body: Readable; sizeBytes: number }>;
}

export function partnerOf(ctx: ServiceContext, connection: Connection): Partner {
  if (connection.type === 'local') return localPartner(ctx, connection);
  if (connection.partnerPollOnly) return polledPartner(ctx, connection);
  const target = channelTarget(ctx, connection);
  return {
    send: (messages) => ctx.peer.send(target, messages),
    attachment: (twinUid, traceUid, signal) => ctx.peer.attachment(target, twinUid, traceUid, signal),
  };
}

function localPartner(ctx: ServiceContext, connection: Connection): Partner {
  const otherEnd = async (): Promise<string> => {
    const side = connection.side === 'initiator' ? 'acceptor' : 'initiator';
    const other = await ctx.db.connection.findUnique({
      where: { uid_side: { uid: connection.uid, side } },
      select: { id: true },
    });
    if (other === null) throw new Fault('partner_connection_gone', 'The other end of this local connection is gone.');
    return other.id;
  };
  return {
    async send(messages) {
      const connectionId = await otherEnd();
      return receiveMessages(asActor(ctx, { kind: 'partner', connectionId }), { connectionId, messages });
    },
    async attachment(twinUid, traceUid) {
      const connectionId = await otherEnd();
      const other = asActor(ctx, { kind: 'partner', connectionId });
      return openAttachment(other, { connectionId, twinUid, traceUid }).catch((error: unknown) => {
        const refused = error instanceof PartnerRefusal || error instanceof ServiceError;
        throw refused ? new PeerError('refused', { message: error.message, reason: error.code, cause: error }) : error;
      });
    },
  };
}
