import { createHash } from 'node:crypto';

/** Names a session without being good for anything: told to all web processes when the session ends. */
export function sessionKey({ name, expiresMs }: { name: string; expiresMs: number }): string {
  return createHash('sha256').update(`${name} ${expiresMs}`).digest('base64url').slice(0, 22);
}
