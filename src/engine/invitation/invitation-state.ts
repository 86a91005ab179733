import type { InvitationFault } from './invitation-fault.ts';

/** The invitation as the inviting node keeps it. Times in epoch milliseconds. */
export interface StoredInvitation {
  readonly usedAtMs: number | null;
  readonly revokedAtMs: number | null;
  readonly expiresAtMs: number;
}

/** Why the inviting node would not accept it now; null when it would. */
export function storedInvitationFault(invitation: StoredInvitation, nowMs: number): InvitationFault | null {
  if (invitation.usedAtMs !== null) return 'used';
  if (invitation.revokedAtMs !== null) return 'revoked';
  return invitation.expiresAtMs <= nowMs ? 'expired' : null;
}
