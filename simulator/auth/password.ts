import type { Jira } from '../core/jira.ts';
import type { UserRecord } from '../store/records.ts';

export type PasswordResult = { kind: 'right'; user: UserRecord } | { kind: 'wrong' } | { kind: 'captcha' };

export function isLockedOut(jira: Jira, user: UserRecord): boolean {
  return (jira.failedLogins.get(user.id) ?? 0) >= jira.settings.captchaAfter;
}

/** Checks a password and counts failures; a locked account is refused without looking at the password. */
export function checkPassword(jira: Jira, name: string, password: string): PasswordResult {
  const user = jira.store.userByName(name);
  if (user === undefined || !user.active) return { kind: 'wrong' };
  if (isLockedOut(jira, user)) return { kind: 'captcha' };
  if (user.password !== password) {
    jira.failedLogins.set(user.id, (jira.failedLogins.get(user.id) ?? 0) + 1);
    return { kind: 'wrong' };
  }
  jira.failedLogins.delete(user.id);
  return { kind: 'right', user };
}
