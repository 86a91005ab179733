/** Every way in which an invitation can be no good; each has its own text (src/services/invitation/invitation-texts.ts). */
export const invitationFaults = [
  'empty',
  'not_base64',
  /** The beginning or end is missing. */
  'truncated',
  /** Complete, but some characters are not those that were sent. */
  'altered',
  'not_exalate',
  /** Made by a node whose protocol is too old, or by the original product. */
  'older_version',
  'newer_version',
  'expired',
  /** Made by the node that reads it. */
  'own_code',
  /** Bound to another node. */
  'other_node',
  /** The inviting node does not know it: connection deleted, or a newer code was made. */
  'unknown',
  'used',
  'revoked',
] as const;
export type InvitationFault = (typeof invitationFaults)[number];
