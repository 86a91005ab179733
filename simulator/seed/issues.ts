import { writeFileSync } from 'node:fs';
import { attach } from '../attachments/write.ts';
import { sha256Of } from '../attachments/contents.ts';
import { addComment } from '../comments/write.ts';
import type { Jira } from '../core/jira.ts';
import { createIssue } from '../issues/create.ts';
import { STATUSES } from '../meta/catalog.ts';
import { fieldNamed } from '../meta/fields.ts';
import type { IssueRecord, Json, JsonObject, ProjectRecord, UserRecord } from '../store/records.ts';
import type { SeedAttachment, SeedIssue } from './types.ts';

function person(jira: Jira, name: string): UserRecord {
  const user = jira.store.userByName(name);
  if (user === undefined) throw new Error(`No user ${name}`);
  return user;
}

function fieldsOf(jira: Jira, project: ProjectRecord, seed: SeedIssue, made: IssueRecord[]): JsonObject {
  const fields: JsonObject = { project: { id: project.id }, issuetype: { name: seed.type }, summary: seed.summary };
  const set = (id: string, value: Json | undefined): void => {
    if (value !== undefined) fields[id] = value;
  };
  set('description', seed.description);
  set('assignee', seed.assignee === undefined || seed.assignee === null ? undefined : { name: seed.assignee });
  set('priority', seed.priority === undefined ? undefined : { name: seed.priority });
  set('labels', seed.labels);
  set(
    'components',
    seed.components?.map((name) => ({ name })),
  );
  const parent = seed.parent === undefined ? undefined : made[seed.parent];
  set('parent', parent === undefined ? undefined : { id: parent.id });
  for (const [name, value] of Object.entries(seed.custom ?? {})) {
    const field = fieldNamed(jira, name);
    if (field === undefined) throw new Error(`No field ${name}`);
    set(field.id, value);
  }
  return fields;
}

function attachSeed(jira: Jira, issueId: string, fallback: UserRecord, seed: SeedAttachment): void {
  const bytes = Buffer.from(seed.content);
  const path = jira.contents.uploadPath();
  writeFileSync(path, bytes);
  const author = seed.author === undefined ? fallback : person(jira, seed.author);
  const content = { kind: 'file', sha256: sha256Of(bytes) } as const;
  const one = attach(jira, author, issueId, {
    filename: seed.filename,
    size: bytes.length,
    mimeType: seed.mimeType ?? null,
    content,
  });
  jira.contents.keep(path, one.id);
}

/** Makes an issue with all that the seed says of it, by the same code that REST uses. */
export function makeIssue(jira: Jira, project: ProjectRecord, seed: SeedIssue, made: IssueRecord[]): IssueRecord {
  const reporter = person(jira, seed.reporter ?? 'admin');
  const issue = createIssue(jira, reporter, { fields: fieldsOf(jira, project, seed, made) }, true);
  for (const { author, body, visibility } of seed.comments ?? []) {
    addComment(jira, person(jira, author), issue, { body, visibility: visibility ?? null, properties: {} });
  }
  for (const attachment of seed.attachments ?? []) attachSeed(jira, issue.id, reporter, attachment);
  const status = STATUSES.find((one) => one.name === seed.status);
  let now = jira.store.issues.get(issue.id) ?? issue;
  if (status !== undefined) now = jira.store.issues.put({ ...now, statusId: status.id });
  return seed.minutesAgo === undefined ? now : agedBy(jira, now, seed.minutesAgo * 60_000);
}

/** Puts the issue and all on it into the past. */
function agedBy(jira: Jira, issue: IssueRecord, ms: number): IssueRecord {
  for (const one of jira.store.commentsOf.of(issue.id))
    jira.store.comments.put({ ...one, created: one.created - ms, updated: one.updated - ms });
  for (const one of jira.store.attachmentsOf.of(issue.id))
    jira.store.attachments.put({ ...one, created: one.created - ms });
  for (const one of jira.store.changesOf.of(issue.id)) jira.store.changes.put({ ...one, created: one.created - ms });
  return jira.store.issues.put({ ...issue, created: issue.created - ms, updated: issue.updated - ms });
}
