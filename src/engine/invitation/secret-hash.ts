import { createHash, timingSafeEqual } from 'node:crypto';

/** SHA-256 (hex) of an invitation's secret: what the database keeps. 256 random bits need no slow hash. */
export function secretHash(secret: string): string {
  return createHash('sha256').update(secret, 'utf8').digest('hex');
}

/** Compares two equally long hashes without telling by time where they differ. */
export function sameHash(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
