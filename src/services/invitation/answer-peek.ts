import { storedInvitationFault } from '#/engine/invitation/invitation-state.ts';
import type { InvitationFault } from '#/engine/invitation/invitation-fault.ts';
import { connectionModes, peekRequestSchema, type PeekReply } from '#/engine/invitation/invitation.ts';
import { secretHash } from '#/engine/invitation/secret-hash.ts';
import { z } from 'zod';
import { ownNodeInfo } from '../connection/own-node-info.ts';
import { PartnerRefusal } from '../connection/partner-refusal.ts';
import type { ServiceContext } from '../context.ts';
import { invitationSummary } from './invitation-texts.ts';
import { stored } from './stored.ts';

/** Initiator: tells whoever holds the secret whether its invitation is still good. Throws PartnerRefusal. */
export async function answerPeek(ctx: ServiceContext, request: unknown): Promise<PeekReply> {
  const parsed = peekRequestSchema.safeParse(request);
  if (!parsed.success) throw new PartnerRefusal(400, 'invalid_request', 'This is not a request of this protocol.');
  const invitation = await ctx.db.invitation.findFirst({
    where: { secretHash: secretHash(parsed.data.secret) },
    include: { connection: true },
  });
  if (invitation === null) throw refusedInvitation('unknown');
  const fault = storedInvitationFault(stored(invitation), ctx.clock.now());
  if (fault !== null) throw refusedInvitation(fault);
  const { connection } = invitation;
  return {
    nodeInfo: await ownNodeInfo(ctx),
    connection: {
      uid: connection.uid,
      name: connection.name,
      mode: z.enum(connectionModes).parse(connection.mode),
      type: connection.type === 'private' ? 'private' : 'public',
      expiresAt: invitation.expiresAt.toISOString(),
    },
  };
}

const statuses: Readonly<Partial<Record<InvitationFault, number>>> = { unknown: 404, other_node: 403, own_code: 409 };

export function refusedInvitation(fault: InvitationFault): PartnerRefusal {
  return new PartnerRefusal(statuses[fault] ?? 410, `invitation_${fault}`, invitationSummary(fault));
}
