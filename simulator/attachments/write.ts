import type { Jira } from '../core/jira.ts';
import { item } from '../issues/changelog.ts';
import { saveIssue } from '../issues/save.ts';
import { can, needWritable, projectOf } from '../permissions/check.ts';
import { JiraError } from '../server/errors.ts';
import type { AttachmentRecord, ContentRecord, IssueRecord, UserRecord } from '../store/records.ts';

const MIME_BY_ENDING: Record<string, string> = {
  png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', gif: 'image/gif', svg: 'image/svg+xml', pdf: 'application/pdf',
  txt: 'text/plain', log: 'text/plain', csv: 'text/csv', html: 'text/html', json: 'application/json', xml: 'text/xml', zip: 'application/zip',
  doc: 'application/msword', xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
}; // prettier-ignore

export interface NewAttachment {
  filename: string;
  size: number;
  mimeType: string | null;
  content: ContentRecord;
}

export function mimeTypeOf(filename: string): string {
  return MIME_BY_ENDING[/\.([^.]+)$/.exec(filename)?.[1]?.toLowerCase() ?? ''] ?? 'application/octet-stream';
}

export function needAttach(jira: Jira, user: UserRecord | null, issue: IssueRecord): void {
  const project = projectOf(jira, issue);
  needWritable(project);
  if (!jira.settings.attachmentsEnabled) throw new JiraError(403, 'Attachments are disabled.');
  if (!can(jira, user, 'CREATE_ATTACHMENTS', project, issue)) {
    throw new JiraError(403, 'You do not have permission to create attachments for this issue.');
  }
}

/** Attaches bytes that are stored already; the history tells of it, and `updated` moves. */
export function attach(jira: Jira, user: UserRecord | null, issueId: string, input: NewAttachment): AttachmentRecord {
  const issue = jira.store.issues.get(issueId);
  if (issue === undefined) throw new JiraError(404, 'Issue Does Not Exist');
  const given = input.mimeType === 'application/octet-stream' ? null : input.mimeType;
  const attachment = jira.store.attachments.put({
    id: jira.store.nextId('attachment'),
    issueId: issue.id,
    filename: input.filename,
    author: user?.id ?? null,
    created: jira.now(),
    size: input.size,
    mimeType: given ?? mimeTypeOf(input.filename),
    content: input.content,
  });
  saveIssue(jira, user, issue, issue, 'issue_updated', [
    item('Attachment', null, null, attachment.id, attachment.filename),
  ]);
  return attachment;
}

export function mayDeleteAttachment(
  jira: Jira,
  user: UserRecord | null,
  issue: IssueRecord,
  one: AttachmentRecord,
): boolean {
  const project = projectOf(jira, issue);
  if (can(jira, user, 'DELETE_ALL_ATTACHMENTS', project, issue)) return true;
  return user !== null && one.author === user.id && can(jira, user, 'DELETE_OWN_ATTACHMENTS', project, issue);
}

export function detach(jira: Jira, user: UserRecord | null, issue: IssueRecord, one: AttachmentRecord): void {
  needWritable(projectOf(jira, issue));
  if (!mayDeleteAttachment(jira, user, issue, one)) {
    throw new JiraError(403, `You do not have permission to delete attachment with id: ${one.id}`);
  }
  jira.store.attachments.remove(one.id);
  jira.contents.remove(one);
  saveIssue(jira, user, issue, issue, 'issue_updated', [item('Attachment', one.id, one.filename, null, null)]);
}
