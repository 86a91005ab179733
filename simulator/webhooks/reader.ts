import type { Jira } from '../core/jira.ts';
import type { UserRecord, WebhookRecord } from '../store/records.ts';

/** As whom a webhook's filter is evaluated: whoever saved it last. */
export function searchReader(jira: Jira, hook: WebhookRecord): UserRecord | null {
  return jira.store.userByName(hook.lastUpdatedUser) ?? null;
}
