import { createHash } from 'node:crypto';
import type { InvitationContent } from './invitation.ts';

const CHECKSUM_LENGTH = 16;

/**
 * The code an admin copies: base64 of JSON whose last member is a checksum of everything before it. Blanks after the
 * JSON make its length a multiple of three, so that the code needs no `=`, which mail programs like to change.
 */
export function encodeInvitation(invitation: InvitationContent): string {
  const { invitationSecret, invitedInstanceUid, connection, nodeInfo } = invitation;
  const body = JSON.stringify({ invitationSecret, invitedInstanceUid, connection, nodeInfo }).slice(0, -1);
  const bytes = Buffer.from(`${body},"checksum":"${checksumOf(body)}"}`, 'utf8');
  const padding = Buffer.alloc((3 - (bytes.length % 3)) % 3, ' ');
  return Buffer.concat([bytes, padding]).toString('base64');
}

/** Takes the checksum off; null when the text does not end with one. */
export function splitChecksum(json: string): { body: string; intact: boolean } | null {
  const match = /,"checksum":"([A-Za-z0-9_-]{16})"\}\s*$/.exec(json);
  const checksum = match?.[1];
  if (match === null || checksum === undefined) return null;
  const body = json.slice(0, match.index);
  return { body: `${body}}`, intact: checksumOf(body) === checksum };
}

function checksumOf(body: string): string {
  return createHash('sha256').update(body, 'utf8').digest('base64url').slice(0, CHECKSUM_LENGTH);
}
