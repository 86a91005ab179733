import type { InvitationFault } from './invitation-fault.ts';
import type { InvitationContent } from './invitation.ts';

/** Whether the node `selfUid` may still accept this invitation at `nowMs`; null when it may, as far as the code itself tells. */
export function checkInvitation(
  invitation: InvitationContent,
  { selfUid, nowMs }: { selfUid: string; nowMs: number },
): InvitationFault | null {
  if (invitation.nodeInfo.instanceUid === selfUid) return 'own_code';
  if (invitation.invitedInstanceUid !== null && invitation.invitedInstanceUid !== selfUid) return 'other_node';
  if (Date.parse(invitation.connection.expiresAt) <= nowMs) return 'expired';
  return null;
}
