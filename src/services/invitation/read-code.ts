import { checkInvitation } from '#/engine/invitation/check-invitation.ts';
import { decodeInvitation } from '#/engine/invitation/decode-invitation.ts';
import type { InvitationContent } from '#/engine/invitation/invitation.ts';
import type { ServiceContext } from '../context.ts';
import { ServiceError } from '../errors.ts';
import { upgradeError } from '../connection/upgrade-error.ts';
import { assertUsable } from '../connection/look-up-destination.ts';
import { invitationError } from './invitation-texts.ts';

/** The invitation in a pasted text, as far as it can be judged without asking the inviting node. Throws ServiceError. */
export function readCode(ctx: ServiceContext, text: string): InvitationContent {
  const decoded = decodeInvitation(text);
  if (!decoded.ok) throw invitationError(decoded.fault);
  const { invitation } = decoded;
  const fault = checkInvitation(invitation, { selfUid: ctx.node.instanceUid, nowMs: ctx.clock.now() });
  if (fault !== null) throw invitationError(fault);
  if (invitation.connection.mode !== 'BASIC') throw upgradeError('code');
  if (invitation.nodeInfo.pollOnly) throw privateInviter(invitation.nodeInfo.name);
  assertUsable(invitation.nodeInfo, 'code');
  return invitation;
}

function privateInviter(name: string): ServiceError {
  return new ServiceError('invitation_invalid', {
    summary: `${name} is a private node.`,
    why: 'Nobody can open requests to it, so its invitation cannot be accepted.',
    remedy: 'Initiate the connection here with "I don\'t have a URL", and let the other side accept your invitation.',
    field: 'code',
  });
}
