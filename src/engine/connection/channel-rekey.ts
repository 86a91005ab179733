/**
 * A new key for a channel that exists. Both nodes agree on it by Diffie-Hellman under the present key, so whoever has only
 * recorded the exchange cannot compute it, even with the old key. The proposer asks twice: for an answer, and to use it.
 */
import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { x25519Shared } from './x25519.ts';

/** What both nodes must agree on; all of it goes into the key. */
export interface RekeyTranscript {
  connectionUid: string;
  proposerUid: string;
  answererUid: string;
  /** Ephemeral public keys, base64url. The proposer's also names the rotation. */
  proposerKey: string;
  answererKey: string;
}

export interface RekeyProposal {
  key: string;
  /** When it was made (epoch milliseconds, the proposer's clock): an older one never takes the place of a newer one. */
  atMs: number;
}

/** The proposer's proof (base64url) that it holds the present key: a proposal may wait in a poll's answer, which is not signed. */
export function rekeyProof(channelKey: string, connectionUid: string, { key, atMs }: RekeyProposal): string {
  return mac(channelKey, ['exalate-node/1 rekey proposal', connectionUid, String(atMs), key].join('\n'));
}

/**
 * The new channel key (32 bytes, base64url): HKDF-SHA256 over the Diffie-Hellman secret and the present key, salted with the
 * transcript. Throws when `otherKey` is no usable key.
 */
export function deriveNextKey(input: {
  privateBytes: Uint8Array;
  otherKey: string;
  presentKey: string;
  transcript: RekeyTranscript;
}): string {
  const present = Buffer.from(input.presentKey, 'base64url');
  const material = Buffer.concat([x25519Shared(input.privateBytes, input.otherKey), present]);
  const next = hkdfSync('sha256', material, transcriptHash(input.transcript), 'exalate-node/1 next channel key', 32);
  return Buffer.from(next).toString('base64url');
}

/** The proof (base64url) that its maker holds the new key: `answer` by the answerer, `use` by the proposer. */
export function rekeyConfirmation(step: 'answer' | 'use', nextKey: string, transcript: RekeyTranscript): string {
  return mac(nextKey, `exalate-node/1 rekey ${step}\n${transcriptHash(transcript).toString('base64url')}`);
}

/** Compares two proofs in constant time. */
export function sameProof(expected: string, given: string): boolean {
  const [one, two] = [Buffer.from(expected, 'base64url'), Buffer.from(given, 'base64url')];
  return one.length === two.length && timingSafeEqual(one, two);
}

function transcriptHash(transcript: RekeyTranscript): Buffer {
  const { connectionUid, proposerUid, answererUid, proposerKey, answererKey } = transcript;
  const text = ['exalate-node-rekey/1', connectionUid, proposerUid, answererUid, proposerKey, answererKey].join('\n');
  return createHash('sha256').update(text, 'utf8').digest();
}

function mac(key: string, text: string): string {
  return createHmac('sha256', Buffer.from(key, 'base64url')).update(text, 'utf8').digest('base64url');
}
