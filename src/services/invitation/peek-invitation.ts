import { z } from 'zod';
import type { ConnectionMode } from '#/engine/invitation/invitation.ts';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { PeerError } from '../peer-channel.ts';
import { inviterError } from './inviter-error.ts';
import { readCode } from './read-code.ts';
import { plainText } from '../plain-text.ts';

const inputSchema = z.object({ code: plainText(200_000) });

export interface Peeked {
  inviter: { name: string; jiraUrl: string | null; exalateUrl: string; version: string };
  mode: ConnectionMode;
  connectionName: string;
  expiresAt: Date;
}

/** Who invites, after asking the inviting node whether the invitation is still good. Changes nothing on either side. */
export async function peekInvitation(ctx: ServiceContext, input: { code: string }): Promise<Peeked> {
  requireAdmin(ctx);
  const invitation = readCode(ctx, parseInput(inputSchema, input).code);
  const { nodeInfo, connection } = await ctx.peer
    .peekInvitation(invitation.nodeInfo.callbackUrl, invitation.invitationSecret)
    .catch((error: unknown) => {
      throw error instanceof PeerError ? inviterError(error, invitation.nodeInfo) : error;
    });
  return {
    inviter: {
      name: nodeInfo.name,
      jiraUrl: nodeInfo.issueTrackerUrl,
      exalateUrl: invitation.nodeInfo.callbackUrl,
      version: nodeInfo.nodeVersion,
    },
    mode: connection.mode,
    connectionName: connection.name,
    expiresAt: new Date(connection.expiresAt),
  };
}
