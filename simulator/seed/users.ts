import type { Jira } from '../core/jira.ts';
import { offsetAt } from '../core/zone.ts';
import type { UserRecord } from '../store/records.ts';
import type { SeedUser } from './types.ts';

const EVERYBODY = 'jira-software-users';

/** The key of an account made before 8.4 is its login name, and stays so when the name changes. */
export function makeUser(jira: Jira, seed: SeedUser): UserRecord {
  if (jira.store.userByName(seed.name) !== undefined) throw new Error(`There is a user ${seed.name} already`);
  if (seed.timeZone !== undefined && seed.timeZone !== null) offsetAt(seed.timeZone, 0);
  return jira.store.users.put({
    id: jira.version.hasUserKeys ? `JIRAUSER${jira.store.next('user')}` : seed.name.toLowerCase(),
    name: seed.name,
    displayName: seed.displayName ?? seed.name,
    email: seed.email ?? `${seed.name}@example.com`,
    password: seed.password ?? seed.name,
    active: seed.active ?? true,
    timeZone: seed.timeZone ?? null,
    locale: seed.locale ?? 'en_US',
    groups: [...new Set([...(seed.groups ?? []), EVERYBODY])],
  });
}

/** Changes what is given; `rename` changes the login name, the key stays. */
export function changeUser(jira: Jira, user: UserRecord, change: Partial<SeedUser> & { rename?: string }): void {
  const { timeZone } = change;
  if (timeZone !== undefined && timeZone !== null) offsetAt(timeZone, 0);
  jira.store.users.put({
    ...user,
    name: change.rename ?? user.name,
    displayName: change.displayName ?? user.displayName,
    email: change.email ?? user.email,
    password: change.password ?? user.password,
    active: change.active ?? user.active,
    timeZone: timeZone === undefined ? user.timeZone : timeZone,
    locale: change.locale ?? user.locale,
    groups: change.groups === undefined ? user.groups : [...new Set([...change.groups, EVERYBODY])],
  });
}
