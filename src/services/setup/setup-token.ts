/**
 * The one-time token that proves, before anybody can sign in, that whoever opens the set-up page can read this node's log.
 * Only its hash is stored; 120 random bits need no slow hash.
 */
import { createHash, randomBytes } from 'node:crypto';

/** No letters or digits that look alike. */
const ALPHABET = 'ABCDEFGHJKMNPQRSTVWXYZ23456789';
const GROUPS = 5;
const GROUP_LENGTH = 5;

/** A new token in groups, to be read from a log and typed. */
export function newSetupToken(): string {
  const letters = Array.from({ length: GROUPS * GROUP_LENGTH }, randomLetter).join('');
  return (letters.match(/.{5}/g) ?? []).join('-');
}

/** What is stored. Case, blanks and hyphens of a typed token do not matter. */
export function setupTokenHash(typed: string): string {
  const letters = typed.toUpperCase().replaceAll(/[^A-Z0-9]/g, '');
  return createHash('sha256').update(letters).digest('hex');
}

function randomLetter(): string {
  for (;;) {
    const letter = ALPHABET[(randomBytes(1)[0] ?? 0) & 31];
    if (letter !== undefined) return letter;
  }
}
