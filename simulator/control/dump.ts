import type { Jira } from '../core/jira.ts';
import { PRIORITIES, statusOf } from '../meta/catalog.ts';
import { projectOf } from '../permissions/check.ts';
import type { IssueRecord } from '../store/records.ts';
import type { IssueDump } from './api.ts';

/** All that is kept of an issue, people by name, custom fields by their names. */
export async function dumpIssue(jira: Jira, issue: IssueRecord, hashes: boolean): Promise<IssueDump> {
  const { store } = jira;
  const person = (key: string | null): string | null => store.users.get(key)?.name ?? null;
  const time = (instant: number): string => new Date(instant).toISOString();
  const attachments = store.attachmentsOf.of(issue.id).map(async (one) => ({
    id: one.id,
    filename: one.filename,
    author: person(one.author),
    size: one.size,
    mimeType: one.mimeType,
    sha256: hashes ? await jira.contents.sha256(one) : null,
  }));
  return {
    id: issue.id,
    key: issue.key,
    project: projectOf(jira, issue).key,
    type: store.issueTypes.get(issue.typeId)?.name ?? '',
    status: statusOf(issue.statusId).name,
    summary: issue.summary,
    description: issue.description,
    labels: issue.labels,
    priority: PRIORITIES.find((one) => one.id === issue.priorityId)?.name ?? '',
    reporter: person(issue.reporter),
    assignee: person(issue.assignee),
    parent: store.issues.get(issue.parentId)?.key ?? null,
    created: time(issue.created),
    updated: time(issue.updated),
    custom: Object.fromEntries(
      Object.entries(issue.custom).map(([id, value]) => [store.customFields.get(id)?.name ?? id, value]),
    ),
    properties: issue.properties,
    comments: store.commentsOf.of(issue.id).map((one) => ({
      id: one.id,
      author: person(one.author),
      updateAuthor: person(one.updateAuthor),
      body: one.body,
      created: time(one.created),
      updated: time(one.updated),
      visibility: one.visibility,
      properties: one.properties,
    })),
    attachments: await Promise.all(attachments),
    remoteLinks: issue.remoteLinks.map((link) => link.value),
    histories: store.changesOf.count(issue.id),
  };
}
