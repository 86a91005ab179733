import { setTimeout as sleep } from 'node:timers/promises';
import type { TrackerError } from '#/engine/ports.ts';
import { certificateRemedies } from '#/kernel/certificate.ts';
import { ServiceError } from '../errors.ts';
import type { ServiceContext } from '../context.ts';
import { type SignInCredentials, signInCredentialsSchema } from './schemas.ts';
import { type Attempt, claimAttempt, forget, giveBack, inWords, pauseSeconds } from './throttle.ts';

export interface SignInInput {
  credentials: SignInCredentials;
  /** Where the request comes from, as far as it is known. */
  address: string;
  verify: (
    credentials: SignInCredentials,
  ) => Promise<{ user: { name: string; displayName: string }; administrator: boolean }>;
}

/** Lets an administrator of the attached Jira in; everyone else gets a `ServiceError` that says why not. */
export async function signIn(ctx: ServiceContext, input: SignInInput): Promise<{ name: string; displayName: string }> {
  const credentials = signInCredentialsSchema.parse(input.credentials);
  const account = credentials.kind === 'basic' ? credentials.username : null;
  const attempt = await claimPatiently(ctx, { account, address: input.address });
  if (attempt.kind === 'blocked') throw tooMany(attempt.scope, attempt.seconds);

  const result = await input.verify(credentials).catch(async (error: unknown) => {
    const counted = isTrackerError(error) && (error.code === 'credentials_refused' || error.code === 'captcha');
    if (!counted) await giveBack(ctx.db, attempt.keys);
    ctx.logger.warn(
      { code: isTrackerError(error) ? error.code : 'unexpected', kind: credentials.kind },
      'sign-in refused',
    );
    throw isTrackerError(error) ? await refusal(ctx, error, credentials.kind, attempt.keys) : error;
  });

  if (!result.administrator) {
    await giveBack(ctx.db, attempt.keys);
    await audit(ctx, result.user.name, 'sign_in_refused');
    throw new ServiceError('forbidden', {
      summary: `${result.user.displayName} is not a Jira administrator.`,
      why: 'This console is for administrators of the Jira it is attached to: the account lacks the “Jira Administrators” global permission.',
      remedy: 'Sign in with an administrator’s account, or ask one to give you the permission.',
    });
  }
  await forget(ctx.db, attempt.keys);
  await audit(ctx, result.user.name, 'sign_in');
  return { name: result.user.name, displayName: result.user.displayName };
}

/** By name: the adapter may have been loaded as another module copy. */
function isTrackerError(error: unknown): error is TrackerError {
  return error instanceof Error && error.name === 'TrackerError';
}

const patienceMs = 3000;
const lookAgainMs = 250;

/** Sign-ins of one account at the same moment count as failed until Jira has answered: those are waited for. */
async function claimPatiently(ctx: ServiceContext, who: { account: string | null; address: string }): Promise<Attempt> {
  const untilMs = ctx.clock.now() + patienceMs;
  for (;;) {
    const attempt = await claimAttempt(ctx.db, who, ctx.clock.now());
    if (attempt.kind === 'allowed' || ctx.clock.now() >= untilMs) return attempt;
    await sleep(lookAgainMs);
  }
}

async function audit(ctx: ServiceContext, actor: string, verb: string): Promise<void> {
  await ctx.db.auditEntry.create({ data: { actor, verb, target: 'console', at: new Date(ctx.clock.now()) } });
}

function tooMany(scope: 'account' | 'address', seconds: number): ServiceError {
  return new ServiceError('forbidden', {
    summary: `Too many failed sign-ins. Try again in ${inWords(seconds)}.`,
    why:
      scope === 'account'
        ? 'Another failure could make Jira lock this account behind a CAPTCHA, so it is not tried there now.'
        : 'Several sign-ins from this address have failed.',
    remedy:
      scope === 'account'
        ? 'Wait, or use a personal access token. If you are unsure of the password, log in to Jira itself first.'
        : 'Wait, then check user name and password before you try again.',
  });
}

async function refusal(
  ctx: ServiceContext,
  error: TrackerError,
  kind: SignInCredentials['kind'],
  keys: readonly string[],
): Promise<ServiceError> {
  const { summary, why, remedy } = refusalText(error, kind);
  const waits = error.code === 'credentials_refused' ? await nextPause(ctx, keys) : 0;
  const wait = waits > 0 ? ` The next try is possible in ${inWords(waits)}.` : '';
  const code = error.code === 'credentials_refused' || error.code === 'captcha' ? 'forbidden' : 'jira_unavailable';
  return new ServiceError(code, { summary, why, remedy: `${remedy}${wait}`, cause: error });
}

async function nextPause(ctx: ServiceContext, keys: readonly string[]): Promise<number> {
  const rows = await ctx.db.signInThrottle.findMany({ where: { key: { in: [...keys] } } });
  return Math.max(
    0,
    ...rows.map(({ key, failures }) => pauseSeconds(key.startsWith('account:') ? 'account' : 'address', failures)),
  );
}

function refusalText(
  error: TrackerError,
  kind: SignInCredentials['kind'],
): { summary: string; why: string; remedy: string } {
  switch (error.code) {
    case 'credentials_refused':
      return kind === 'token'
        ? {
            summary: 'Jira does not accept this token.',
            why: 'It is wrong, expired or revoked.',
            remedy: 'Make a new one in Jira under Profile, Personal Access Tokens, and paste it whole.',
          }
        : {
            summary: 'User name or password is wrong.',
            why: 'Jira did not accept them.',
            remedy:
              'Use the account with which you log in to Jira. Behind single sign-on, use a personal access token.',
          };
    case 'captcha':
      return {
        summary: 'Jira asks for a CAPTCHA before it lets this account in.',
        why: 'Too many log-ins with a wrong password were made with this account.',
        remedy: 'Log in to Jira once in the browser, then come back; or use a personal access token.',
      };
    case 'unreachable':
      if (error.reason !== null)
        return {
          summary: 'The certificate of Jira is not accepted.',
          why: error.message,
          remedy: certificateRemedies[error.reason],
        };
      return {
        summary: 'Jira cannot be reached.',
        why: 'No connection could be made, or no answer came in time; so nobody can be let in.',
        remedy: 'Check that Jira runs and that this node can reach it, then try again.',
      };
    case 'unavailable':
    case 'rate_limited':
      return {
        summary: 'Jira cannot check sign-ins just now.',
        why: 'It is starting, under maintenance or overloaded.',
        remedy: 'Try again in a minute.',
      };
    default:
      return {
        summary: 'The answer was not that of a Jira.',
        why: 'A proxy, a single sign-on page or another program answers in Jira’s place.',
        remedy: 'Check JIRA_URL and what lies between this node and Jira.',
      };
  }
}
