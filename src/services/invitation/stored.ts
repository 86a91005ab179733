import type { StoredInvitation } from '#/engine/invitation/invitation-state.ts';

/** The row's times as the engine reads them. */
export function stored(row: { usedAt: Date | null; revokedAt: Date | null; expiresAt: Date }): StoredInvitation {
  return {
    usedAtMs: row.usedAt?.getTime() ?? null,
    revokedAtMs: row.revokedAt?.getTime() ?? null,
    expiresAtMs: row.expiresAt.getTime(),
  };
}
