import type { Jira } from '../core/jira.ts';
import type { ChangeItem, ChangeRecord, CommentRecord, IssueRecord, UserRecord } from '../store/records.ts';
import { changedItems, recordChange } from './changelog.ts';

export type IssueEventType = 'issue_updated' | 'issue_generic' | 'issue_moved';

/**
 * Puts the changed issue, its history entry and the webhook. A write that changes nothing leaves no trace: no history,
 * `updated` stays, no event. `comment` is asked for a comment that the same event tells of.
 */
export function saveIssue(
  jira: Jira,
  user: UserRecord | null,
  before: IssueRecord,
  after: IssueRecord,
  event: IssueEventType = 'issue_updated',
  moreItems: ChangeItem[] = [],
  comment: () => CommentRecord | null = () => null,
): IssueRecord {
  const items = [...changedItems(jira, before, after), ...moreItems];
  if (items.length === 0) {
    if (before !== after) jira.store.issues.put(after);
    return after;
  }
  const told = comment();
  const saved = jira.store.issues.put({ ...after, updated: jira.now() });
  const change: ChangeRecord = recordChange(jira, saved.id, user?.id ?? null, saved.updated, items);
  const only = items.length === 1 && items[0]?.field === 'assignee';
  const type = only && event === 'issue_updated' ? 'issue_assigned' : event;
  jira.webhooks.issueUpdated(user, saved, change, type, told);
  return saved;
}

/** Moves `updated` forward, as adding or deleting a comment does, without a history entry. */
export function touchIssue(jira: Jira, issueId: string): IssueRecord | undefined {
  const issue = jira.store.issues.get(issueId);
  return issue === undefined ? undefined : jira.store.issues.put({ ...issue, updated: jira.now() });
}
