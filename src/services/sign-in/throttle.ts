/**
 * Sign-in attempts, counted per account and per address before Jira sees them. Jira shows a CAPTCHA to an account after
 * three failures and keeps counting until that account logs in: so an account gets two tries, then a long pause. Tokens do
 * not count in Jira, so only the address is slowed for them.
 */
import type { Db } from '#/db/client.ts';

/** Pauses after the n-th failure in a row, in seconds; the last one repeats. */
const accountPauses = [0, 15 * 60, 60 * 60, 24 * 60 * 60];
const addressPauses = [0, 2, 4, 8, 15, 30, 60, 120, 300, 900];
const forgetAfterSeconds = 24 * 60 * 60;

export type Attempt =
  { kind: 'allowed'; keys: readonly string[] } | { kind: 'blocked'; scope: 'account' | 'address'; seconds: number };

/** How long to wait after this many failures in a row. */
export function pauseSeconds(scope: 'account' | 'address', failures: number): number {
  const pauses = scope === 'account' ? accountPauses : addressPauses;
  return failures < 1 ? 0 : (pauses[Math.min(failures, pauses.length) - 1] ?? 0);
}

/** Claims one attempt, as if it had failed already: attempts made at the same moment cannot exceed the limit together. */
export async function claimAttempt(
  db: Db,
  who: { account: string | null; address: string },
  nowMs: number,
): Promise<Attempt> {
  const scopes = [
    ...(who.account === null ? [] : [{ scope: 'account' as const, key: `account:${who.account.toLowerCase()}` }]),
    { scope: 'address' as const, key: `address:${who.address}` },
  ];
  const claimed: string[] = [];
  for (const { scope, key } of scopes) {
    const seconds = await claimOne(db, scope, key, nowMs);
    if (seconds > 0) {
      await giveBack(db, claimed);
      return { kind: 'blocked', scope, seconds };
    }
    claimed.push(key);
  }
  return { kind: 'allowed', keys: claimed };
}

/** The attempt did not fail for a reason that Jira counts: it is as if it had not been made. */
export async function giveBack(db: Db, keys: readonly string[]): Promise<void> {
  if (keys.length === 0) return;
  await db.$executeRaw`UPDATE sign_in_throttle SET failures = greatest(failures - 1, 0), "blockedUntil" = "lastFailedAt" WHERE key = ANY(${[...keys]})`;
}

/** The sign-in succeeded: Jira starts counting anew, and so do we. */
export async function forget(db: Db, keys: readonly string[]): Promise<void> {
  await db.signInThrottle.deleteMany({ where: { key: { in: [...keys] } } });
}

export function inWords(seconds: number): string {
  return seconds === 1 ? '1 second' : `${seconds} seconds`;
}

async function claimOne(db: Db, scope: 'account' | 'address', key: string, nowMs: number): Promise<number> {
  return db.$transaction(async (tx) => {
    const now = new Date(nowMs);
    await tx.$executeRaw`INSERT INTO sign_in_throttle (key, failures, "lastFailedAt", "blockedUntil") VALUES (${key}, 0, ${now}, ${now}) ON CONFLICT DO NOTHING`;
    const [row] = await tx.$queryRaw<Array<{ failures: number; lastFailedAt: Date; blockedUntil: Date }>>`
      SELECT failures, "lastFailedAt", "blockedUntil" FROM sign_in_throttle WHERE key = ${key} FOR UPDATE`;
    if (row === undefined) return 1;
    if (row.blockedUntil > now) return Math.ceil((row.blockedUntil.getTime() - nowMs) / 1000);
    const forgotten = nowMs - row.lastFailedAt.getTime() > forgetAfterSeconds * 1000;
    const failures = forgotten ? 1 : row.failures + 1;
    const blockedUntil = new Date(nowMs + pauseSeconds(scope, failures) * 1000);
    await tx.signInThrottle.update({ where: { key }, data: { failures, lastFailedAt: now, blockedUntil } });
    return 0;
  });
}
