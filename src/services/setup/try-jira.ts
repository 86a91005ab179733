import type { IssueTracker } from '#/engine/ports.ts';
import type { ServiceContext } from '../context.ts';
import { ServiceError } from '../errors.ts';
import { claimAttempt, forget, giveBack, inWords } from '../sign-in/throttle.ts';
import { checkJira, type SetupLine } from './check-jira.ts';
import type { SetupCredentials } from './stored-jira.ts';

export type ConnectJira = (jira: { baseUrl: string; credentials: SetupCredentials }) => IssueTracker;

export interface TriedJira {
  lines: SetupLine[];
  saved: boolean;
}

/**
 * Checks a Jira with a proxy user, and calls `save` when everything that is required is there; null only looks. Passwords
 * count as tries of their account, as at sign-in: Jira must not come to its CAPTCHA. `address` is whose tries they are.
 */
export async function tryJira(
  ctx: ServiceContext,
  jira: { baseUrl: string; credentials: SetupCredentials; address: string; connect: ConnectJira },
  save: (() => Promise<void>) | null,
): Promise<TriedJira> {
  const { baseUrl, credentials, address, connect } = jira;
  const account = credentials.kind === 'basic' ? credentials.username : null;
  const attempt = await claimAttempt(ctx.db, { account, address }, ctx.clock.now());
  if (attempt.kind === 'blocked') throw tooManyTries(attempt.seconds);
  const tracker = connect({ baseUrl, credentials });
  try {
    const { lines, complete, refused } = await checkJira(tracker);
    if (!refused) await forget(ctx.db, attempt.keys);
    if (save === null || !complete) return { lines, saved: false };
    await save();
    return { lines, saved: true };
  } catch (error) {
    await giveBack(ctx.db, attempt.keys);
    throw error;
  } finally {
    await tracker.close();
  }
}

export function tooManyTries(seconds: number): ServiceError {
  return new ServiceError('forbidden', {
    summary: `Too many tries. Try again in ${inWords(seconds)}.`,
    why: 'Another failure could make Jira lock the account behind a CAPTCHA, or somebody is guessing.',
    remedy: 'Wait. If you are unsure of the password, log in to Jira itself first, or use a personal access token.',
  });
}
