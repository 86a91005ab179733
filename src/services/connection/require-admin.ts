import type { ServiceContext } from '../context.ts';
import { ServiceError } from '../errors.ts';

/** The admin's login, for audit rows. Throws `forbidden` for everybody else. */
export function requireAdmin(ctx: ServiceContext): string {
  if (ctx.actor.kind === 'admin') return ctx.actor.name;
  throw new ServiceError('forbidden', {
    summary: 'This is for administrators of the attached Jira.',
    why: 'You are not signed in as one.',
    remedy: 'Sign in with an account that has the Jira administrator permission.',
  });
}
