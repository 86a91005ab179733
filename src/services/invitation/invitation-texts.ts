import { type InvitationFault, invitationFaults } from '#/engine/invitation/invitation-fault.ts';
import { ServiceError } from '../errors.ts';

interface Text {
  summary: string;
  why: string;
  remedy: string;
}

const ASK_NEW = 'Ask whoever sent it for a new invitation.';
const COPY_AGAIN = 'Ask whoever sent it to press "Copy invitation code" again, and paste the whole text.';

const texts: Readonly<Record<InvitationFault, Text>> = {
  empty: {
    summary: 'Enter the invitation code.',
    why: 'The field is empty.',
    remedy: 'Paste the whole code that you received from your partner.',
  },
  not_base64: {
    summary: 'This is not an invitation code.',
    why: 'It contains characters that no invitation code has; perhaps more than the code was copied.',
    remedy: 'Copy only the code: one long word that begins with eyJ.',
  },
  truncated: {
    summary: 'The invitation code is not complete.',
    why: 'Its beginning or its end is missing.',
    remedy: COPY_AGAIN,
  },
  altered: {
    summary: 'The invitation code was altered on its way.',
    why: 'Its checksum does not match: some characters are missing or not those that were sent.',
    remedy: COPY_AGAIN,
  },
  not_exalate: {
    summary: 'This is not an Exalate invitation code.',
    why: 'It can be read, but it says nothing that an invitation says.',
    remedy: 'Paste the code that your partner got from "Copy invitation code".',
  },
  older_version: {
    summary: 'The invitation comes from an older version.',
    why: 'The inviting node speaks a protocol that this node does not know any more, or it is another product.',
    remedy: 'Let the inviting side update its node and send a new invitation.',
  },
  newer_version: {
    summary: 'The invitation comes from a newer version.',
    why: 'The inviting node speaks a protocol that this node does not know yet.',
    remedy: 'Update this node, then paste the code again.',
  },
  expired: {
    summary: 'The invitation has expired.',
    why: 'An invitation can be accepted for seven days.',
    remedy: ASK_NEW,
  },
  own_code: {
    summary: 'This invitation was made by this node itself.',
    why: 'An invitation is accepted on the other side.',
    remedy:
      'Send the code to the other side. To connect two projects of this Jira, initiate a connection with this node’s own URL.',
  },
  other_node: {
    summary: 'This invitation is meant for another node.',
    why: 'It was made for one particular destination, and this node is not that one.',
    remedy: 'Accept it on the node it was made for, or ask for an invitation without destination URL.',
  },
  unknown: {
    summary: 'The inviting node does not know this invitation.',
    why: 'Its connection was deleted, or a newer invitation replaced it.',
    remedy: ASK_NEW,
  },
  used: {
    summary: 'This invitation was already used.',
    why: 'An invitation makes one connection, once.',
    remedy: 'See whether the connection exists already on this or another node; if not, ask for a new invitation.',
  },
  revoked: {
    summary: 'This invitation was revoked.',
    why: 'The inviting side withdrew it.',
    remedy: ASK_NEW,
  },
};

/** The error an admin sees at the code's field. */
export function invitationError(fault: InvitationFault, cause?: unknown): ServiceError {
  return new ServiceError('invitation_invalid', { ...texts[fault], field: 'code', cause });
}

/** The fault that a partner named as the reason of its refusal, null when it is about something else. */
export function faultFromReason(reason: string | null): InvitationFault | null {
  return invitationFaults.find((fault) => reason === `invitation_${fault}`) ?? null;
}

/** One constant sentence for the partner's log. */
export function invitationSummary(fault: InvitationFault): string {
  return texts[fault].summary;
}
