import { createPrivateKey, createPublicKey, diffieHellman, type KeyObject } from 'node:crypto';

/** DER headers of RFC 8410, so that keys can be carried as their 32 raw bytes. */
const PKCS8_HEADER = Buffer.from('302e020100300506032b656e04220420', 'hex');
const SPKI_HEADER = Buffer.from('302a300506032b656e032100', 'hex');
const KEY_BYTES = 32;

/** The public key (base64url) that belongs to 32 random bytes used as private key. */
export function x25519PublicKey(privateBytes: Uint8Array): string {
  const der = createPublicKey(privateKey(privateBytes)).export({ format: 'der', type: 'spki' });
  return der.subarray(-KEY_BYTES).toString('base64url');
}

/** Shared secret of a private key (32 bytes) and the other one's public key (base64url). Throws for points of low order. */
export function x25519Shared(privateBytes: Uint8Array, otherPublic: string): Buffer {
  const raw = Buffer.from(otherPublic, 'base64url');
  if (raw.length !== KEY_BYTES) throw new Error('An X25519 public key has 32 bytes.');
  const publicKey = createPublicKey({ key: Buffer.concat([SPKI_HEADER, raw]), format: 'der', type: 'spki' });
  const shared = diffieHellman({ privateKey: privateKey(privateBytes), publicKey });
  if (shared.every((byte) => byte === 0)) throw new Error('This X25519 public key gives no secret.');
  return shared;
}

function privateKey(bytes: Uint8Array): KeyObject {
  if (bytes.length !== KEY_BYTES) throw new Error('An X25519 private key has 32 bytes.');
  return createPrivateKey({ key: Buffer.concat([PKCS8_HEADER, bytes]), format: 'der', type: 'pkcs8' });
}
