import type { Jira } from '../core/jira.ts';
import { jiraTimestamp } from '../core/zone.ts';
import { RESOLUTIONS, PRIORITIES, statusOf } from '../meta/catalog.ts';
import { fieldById } from '../meta/fields.ts';
import { projectOf } from '../permissions/check.ts';
import type { ChangeItem, ChangeRecord, IssueRecord, Json } from '../store/records.ts';
import { userBeanOf } from '../users/bean.ts';

/** `expand=changelog`: the whole history, oldest first. */
export function changelogBean(jira: Jira, issue: IssueRecord): Record<string, unknown> {
  const all = jira.store.changesOf.of(issue.id);
  const histories = all.map((change) => ({
    id: change.id,
    author: userBeanOf(jira, change.author),
    created: jiraTimestamp(change.created, jira.settings.timeZone),
    items: change.items,
  }));
  return { startAt: 0, maxResults: histories.length, total: histories.length, histories };
}

/** Writes a history entry. */
export function recordChange(
  jira: Jira,
  issueId: string,
  author: string | null,
  created: number,
  items: ChangeItem[],
): ChangeRecord {
  return jira.store.changes.put({ id: jira.store.nextId('change'), issueId, author, created, items });
}

export function item(
  field: string,
  from: string | null,
  fromString: string | null,
  to: string | null,
  toString: string | null,
  fieldtype: 'jira' | 'custom' = 'jira',
): ChangeItem {
  return { field, fieldtype, from, fromString, to, toString };
}

function text(value: Json | undefined): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'object' && !Array.isArray(value))
    return String(value['value'] ?? value['name'] ?? JSON.stringify(value));
  return Array.isArray(value) ? value.map((one) => text(one)).join(' ') : String(value);
}

/** What a write changed, as history items; empty when it changed nothing. */
export function changedItems(jira: Jira, before: IssueRecord, after: IssueRecord): ChangeItem[] {
  const items: ChangeItem[] = [];
  const plain = (field: string, from: string | null, to: string | null): void => {
    if (from !== to) items.push(item(field, null, from, null, to));
  };
  const byId = (field: string, from: string | null, to: string | null, name: (id: string) => string | null): void => {
    if (from !== to)
      items.push(item(field, from, from === null ? null : name(from), to, to === null ? null : name(to)));
  };
  const person = (key: string): string | null => jira.store.users.get(key)?.displayName ?? null;
  const typeName = (id: string): string | null => jira.store.issueTypes.get(id)?.name ?? null;
  plain('summary', before.summary, after.summary);
  plain('description', before.description, after.description);
  plain('environment', before.environment, after.environment);
  byId('issuetype', before.typeId, after.typeId, typeName);
  byId('priority', before.priorityId, after.priorityId, (id) => PRIORITIES.find((one) => one.id === id)?.name ?? null);
  byId('status', before.statusId, after.statusId, (id) => statusOf(id).name);
  byId(
    'resolution',
    before.resolutionId,
    after.resolutionId,
    (id) => RESOLUTIONS.find((one) => one.id === id)?.name ?? null,
  );
  byId('assignee', before.assignee, after.assignee, person);
  byId('reporter', before.reporter, after.reporter, person);
  byId('duedate', before.duedate, after.duedate, (date) => date);
  const labels = (issue: IssueRecord): string => issue.labels.join(' ');
  plain('labels', labels(before), labels(after));
  const project = projectOf(jira, after);
  const componentName = (id: string): string | null => project.components.find((one) => one.id === id)?.name ?? null;
  const versionName = (id: string): string | null => project.versions.find((one) => one.id === id)?.name ?? null;
  items.push(...listItems('Component', before.componentIds, after.componentIds, componentName));
  items.push(...listItems('Fix Version', before.fixVersionIds, after.fixVersionIds, versionName));
  items.push(...listItems('Version', before.versionIds, after.versionIds, versionName));
  for (const id of new Set([...Object.keys(before.custom), ...Object.keys(after.custom)])) {
    const [from, to] = [before.custom[id] ?? null, after.custom[id] ?? null];
    if (JSON.stringify(from) === JSON.stringify(to)) continue;
    items.push(item(fieldById(jira, id)?.name ?? id, null, text(from), null, text(to), 'custom'));
  }
  return items;
}

function listItems(
  field: string,
  before: string[],
  after: string[],
  name: (id: string) => string | null,
): ChangeItem[] {
  const gone = before.filter((id) => !after.includes(id)).map((id) => item(field, id, name(id), null, null));
  const come = after.filter((id) => !before.includes(id)).map((id) => item(field, null, null, id, name(id)));
  return [...gone, ...come];
}
