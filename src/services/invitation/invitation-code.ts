import { z } from 'zod';
import { encodeInvitation } from '#/engine/invitation/encode-invitation.ts';
import { storedInvitationFault } from '#/engine/invitation/invitation-state.ts';
import { connectionModes } from '#/engine/invitation/invitation.ts';
import { ownNodeInfo } from '../connection/own-node-info.ts';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { invitationSecret } from './invitation-secret.ts';
import { pendingInvitation, unusable } from './pending-invitation.ts';
import { stored } from './stored.ts';

const inputSchema = z.object({ connectionId: z.uuid() });

export interface InvitationCode {
  code: string;
  expiresAt: Date;
  /**
   * Where an admin of the destination accepts it; null while the destination is not known. The code is in the fragment,
   * which browsers send to no server, so that it reaches no log. Go there without referrer.
   */
  acceptUrl: string | null;
}

/** The code to copy; the same one each time. Throws `conflict` when the invitation can no longer be accepted. */
export async function invitationCode(ctx: ServiceContext, input: { connectionId: string }): Promise<InvitationCode> {
  requireAdmin(ctx);
  const { connectionId } = parseInput(inputSchema, input);
  const { connection, invitation } = await pendingInvitation(ctx.db, connectionId);
  const fault = storedInvitationFault(stored(invitation), ctx.clock.now());
  if (fault !== null) throw unusable(fault);
  const code = encodeInvitation({
    invitationSecret: invitationSecret(ctx, invitation.id),
    invitedInstanceUid: invitation.boundInstanceUid,
    connection: {
      uid: connection.uid,
      name: connection.name,
      mode: z.enum(connectionModes).parse(connection.mode),
      type: connection.type === 'private' ? 'private' : 'public',
      expiresAt: invitation.expiresAt.toISOString(),
    },
    nodeInfo: await ownNodeInfo(ctx),
  });
  const acceptUrl = connection.partnerUrl === null ? null : `${connection.partnerUrl}/connections/accept#${code}`;
  return { code, expiresAt: invitation.expiresAt, acceptUrl };
}
