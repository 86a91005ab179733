import { hkdfSync } from 'node:crypto';

/** A 256-bit secret for one purpose, base64url: HKDF-SHA256 (RFC 5869) over the encryption key with `label` as info. */
export function deriveSecret(keyBase64: string, label: string): string {
  const derived = hkdfSync('sha256', Buffer.from(keyBase64, 'base64'), Buffer.alloc(0), `exalate/${label}`, 32);
  return Buffer.from(derived).toString('base64url');
}
