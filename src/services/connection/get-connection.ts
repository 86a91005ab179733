import { z } from 'zod';
import { nodeInfoSchema, type NodeInfo } from '#/engine/invitation/invitation.ts';
import { connectionRulesSchema, type ConnectionRules } from '#/engine/rules/basic-rules.ts';
import type { Connection, ServiceContext } from '../context.ts';
import { findConnection } from './find-connection.ts';
import { ownNodeInfo } from './own-node-info.ts';
import { parseInput } from './parse-input.ts';
import { channelKeyState, type ChannelKeyState } from './rekey-state.ts';
import { requireAdmin } from './require-admin.ts';

const inputSchema = z.object({ id: z.uuid() });

type Hidden = 'channelKey' | 'previousKey' | 'rekey' | 'handshake' | 'partnerInfo' | 'rules';

/** Everything a page may show of a connection: never its keys. */
export interface ConnectionDetails extends Omit<Connection, Hidden> {
  rules: ConnectionRules;
  /** Both nodes as they presented themselves; the partner's is null until it is known. */
  nodes: { own: NodeInfo; partner: NodeInfo | null };
  /** null without a channel: local, or not accepted yet. */
  channelKeyState: ChannelKeyState | null;
  invitation: { expiresAt: Date; revoked: boolean; used: boolean } | null;
  /** The other end of a local connection. */
  otherEnd: { id: string; lastSyncInAt: Date | null; lastSyncOutAt: Date | null } | null;
}

/** One connection with rules and both nodes. Throws `not_found`. */
export async function getConnection(ctx: ServiceContext, input: { id: string }): Promise<ConnectionDetails> {
  requireAdmin(ctx);
  const { id } = parseInput(inputSchema, input);
  const found = await findConnection(ctx.db, id);
  const { channelKey: _key, previousKey: _previous, rekey: _rekey, handshake: _handshake, ...shown } = found;
  const { partnerInfo, rules, ...row } = shown;
  const [invitation, otherEnd, own] = await Promise.all([
    ctx.db.invitation.findUnique({ where: { connectionId: id } }),
    ctx.db.connection.findFirst({
      where: { uid: row.uid, id: { not: id } },
      select: { id: true, lastSyncInAt: true, lastSyncOutAt: true },
    }),
    ownNodeInfo(ctx),
  ]);
  const partner = nodeInfoSchema.safeParse(partnerInfo);
  return {
    ...row,
    rules: connectionRulesSchema.parse(rules),
    nodes: { own, partner: partner.success ? partner.data : null },
    channelKeyState: channelKeyState(ctx, found),
    invitation:
      invitation === null
        ? null
        : { expiresAt: invitation.expiresAt, revoked: invitation.revokedAt !== null, used: invitation.usedAt !== null },
    otherEnd,
  };
}
