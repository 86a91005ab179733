import type { Jira } from '../core/jira.ts';
import type { UserRecord } from '../store/records.ts';

type Bean = Record<string, unknown>;

function self(jira: Jira, user: UserRecord): string {
  return `${jira.baseUrl}/rest/api/2/user?username=${encodeURIComponent(user.name)}`;
}

function avatarUrls(jira: Jira): Bean {
  const url = `${jira.baseUrl}/secure/useravatar?`;
  return { '48x48': `${url}avatarId=10122`, '24x24': `${url}size=small&avatarId=10122`, '16x16': `${url}size=xsmall&avatarId=10122`, '32x32': `${url}size=medium&avatarId=10122` }; // prettier-ignore
}

export function groupSelf(jira: Jira, name: string): string {
  return `${jira.baseUrl}/rest/api/2/group?groupname=${encodeURIComponent(name)}`;
}

/** As embedded in issues and comments. */
export function userBean(jira: Jira, user: UserRecord): Bean {
  return {
    self: self(jira, user),
    name: user.name,
    key: user.id,
    ...(jira.settings.emailVisible ? { emailAddress: user.email } : {}),
    avatarUrls: avatarUrls(jira),
    displayName: user.displayName,
    active: user.active,
    timeZone: user.timeZone ?? jira.settings.timeZone,
  };
}

/** By user key; null for nobody. A deleted account keeps its key as name. */
export function userBeanOf(jira: Jira, key: string | null): Bean | null {
  const user = jira.store.users.get(key);
  return user === undefined ? null : userBean(jira, user);
}

/** The short form of project leads and of `GET /attachment/{id}`. */
export function leadBean(jira: Jira, user: UserRecord): Bean {
  return {
    self: self(jira, user),
    key: user.id,
    name: user.name,
    avatarUrls: avatarUrls(jira),
    displayName: user.displayName,
    active: user.active,
  };
}

/** As user search gives it. */
export function foundUserBean(jira: Jira, user: UserRecord): Bean {
  return {
    self: self(jira, user),
    key: user.id,
    name: user.name,
    ...(jira.settings.emailVisible ? { emailAddress: user.email } : {}),
    avatarUrls: avatarUrls(jira),
    displayName: user.displayName,
    active: user.active,
    deleted: false,
    timeZone: user.timeZone ?? jira.settings.timeZone,
    locale: user.locale,
  };
}

/** As `/myself` and `/user` give it. */
export function fullUserBean(jira: Jira, user: UserRecord, expand: string[]): Bean {
  const groups = expand.includes('groups')
    ? user.groups.map((name) => ({
        name,
        self: groupSelf(jira, name),
      }))
    : [];
  return {
    ...foundUserBean(jira, user),
    groups: { size: user.groups.length, items: groups },
    applicationRoles: { size: 1, items: [] },
    expand: 'groups,applicationRoles',
  };
}
