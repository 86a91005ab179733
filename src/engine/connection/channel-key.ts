import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { x25519Shared } from './x25519.ts';

/** What both nodes must agree on; all of it goes into the key. */
export interface Transcript {
  connectionUid: string;
  initiatorUid: string;
  acceptorUid: string;
  /** Ephemeral public keys, base64url. */
  initiatorKey: string;
  acceptorKey: string;
}

/** SHA-256 of the transcript in its one canonical form. */
export function transcriptHash(transcript: Transcript): Buffer {
  const { connectionUid, initiatorUid, acceptorUid, initiatorKey, acceptorKey } = transcript;
  const text = ['exalate-node-handshake/1', connectionUid, initiatorUid, acceptorUid, initiatorKey, acceptorKey].join(
    '\n',
  );
  return createHash('sha256').update(text, 'utf8').digest();
}

/**
 * The channel key (32 bytes, base64url): HKDF-SHA256 over the Diffie-Hellman secret and the invitation's secret, salted
 * with the transcript. Whoever has only the code, or only saw the exchange, cannot compute it.
 *
 * `otherKey` is the other side's public key from the transcript. Throws when it is no usable key.
 */
export function deriveChannelKey(input: {
  privateBytes: Uint8Array;
  otherKey: string;
  invitationSecret: string;
  transcript: Transcript;
}): string {
  const secret = Buffer.from(input.invitationSecret, 'base64url');
  const material = Buffer.concat([x25519Shared(input.privateBytes, input.otherKey), secret]);
  const key = hkdfSync('sha256', material, transcriptHash(input.transcript), 'exalate-node/1 channel key', 32);
  return Buffer.from(key).toString('base64url');
}

/** The initiator's proof (base64url) that it holds the channel key for this transcript. */
export function confirmation(channelKey: string, transcript: Transcript): string {
  return createHmac('sha256', Buffer.from(channelKey, 'base64url'))
    .update('exalate-node/1 confirm initiator\n', 'utf8')
    .update(transcriptHash(transcript))
    .digest('base64url');
}

export function isConfirmed(channelKey: string, transcript: Transcript, confirm: string): boolean {
  const expected = Buffer.from(confirmation(channelKey, transcript), 'base64url');
  const given = Buffer.from(confirm, 'base64url');
  return given.length === expected.length && timingSafeEqual(given, expected);
}
