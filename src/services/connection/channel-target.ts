import type { ServiceContext } from '../context.ts';
import type { ChannelTarget } from '../peer-channel.ts';

/** The columns of a connection from which its channel is opened. */
export interface ChannelRow {
  id: string;
  uid: string;
  partnerUid: string | null;
  partnerUrl: string | null;
  channelKey: string | null;
}

/** Where a sealed channel key belongs; it cannot be opened elsewhere. */
export function channelKeyPlace(connectionId: string): string {
  return `connection/channelKey/${connectionId}`;
}

/** Where a sealed key that was replaced belongs. */
export function previousKeyPlace(connectionId: string): string {
  return `connection/previousKey/${connectionId}`;
}

/** Everything needed to send to this connection's partner. Throws while the handshake is not done, and for local connections. */
export function channelTarget(ctx: ServiceContext, row: ChannelRow): ChannelTarget {
  if (row.channelKey === null || row.partnerUid === null || row.partnerUrl === null)
    throw new Error(`Connection ${row.id} has no channel to a partner node.`);
  return {
    connectionUid: row.uid,
    selfUid: ctx.node.instanceUid,
    partnerUid: row.partnerUid,
    partnerUrl: row.partnerUrl,
    key: ctx.secrets.open(row.channelKey, channelKeyPlace(row.id)),
  };
}
