import { z } from 'zod';
import { TrackerError } from '#/engine/ports.ts';
import type { IssueEdit, NewIssue, TrackerIssue, TrackerIssueType } from '#/engine/ports.ts';
import { path } from './base-url.ts';
import type { Answer } from './call.ts';
import type { JiraClient } from './client.ts';
import { readAllComments } from './comments.ts';
import { issueSchema } from './issue-schema.ts';
import { parseAnswer } from './parse.ts';
import { createdIssueSchema, issueTypeSchema, list, optional } from './schemas.ts';
import { identityMaxAgeMs } from './server.ts';

const fields =
  'summary,description,issuetype,project,parent,creator,reporter,created,updated,comment,attachment' as const;

/**
 * One `GET /issue/{id}` with all that is synced. Further requests only when the inline comments are not all of them. `not_found`
 * is only believed from an answer made for our account.
 */
export async function readIssue(
  client: JiraClient,
  idOrKey: string,
  options: { changelog?: boolean } = {},
): Promise<TrackerIssue> {
  const answer = await getIssue(client, idOrKey, {
    fields,
    expand: options.changelog === true ? 'changelog' : undefined,
    updateHistory: false,
  });
  const issue = parseAnswer(issueSchema, answer, { what: 'GET /issue/{id}', reads: true });
  const inline = issue.fields.comment;
  const complete = inline !== undefined && inline.comments.length >= (inline.total ?? inline.comments.length);
  return {
    id: issue.id,
    key: issue.key,
    projectId: issue.fields.project.id,
    projectKey: issue.fields.project.key,
    summary: issue.fields.summary ?? '',
    description: issue.fields.description ?? null,
    issueType: issue.fields.issuetype,
    parentId: issue.fields.parent?.id ?? null,
    parentKey: issue.fields.parent?.key ?? null,
    creator: issue.fields.creator,
    reporter: issue.fields.reporter,
    createdMs: issue.fields.created,
    updatedMs: issue.fields.updated,
    comments: complete ? inline.comments : await readAllComments(client, issue.id),
    attachments: issue.fields.attachment ?? null,
    changes: issue.changelog ?? [],
    readAtMs: answer.readAtMs,
  };
}

async function getIssue(client: JiraClient, idOrKey: string, query: Record<string, string | boolean | undefined>) {
  try {
    return await client.call({
      method: 'GET',
      route: '/issue/{id}',
      path: path`/rest/api/2/issue/${idOrKey}`,
      query,
    });
  } catch (error) {
    if (error instanceof TrackerError && error.code === 'not_found') await client.identity(identityMaxAgeMs);
    throw error;
  }
}

/**
 * `GET /issue/{id}/properties/{key}`. Jira answers 404 for an unset property and for a missing issue alike; a second request
 * tells them apart (`undefined` or `not_found`), so that an unseen issue is never taken for one without the property.
 */
export async function readIssueProperty(client: JiraClient, idOrKey: string, key: string): Promise<unknown> {
  let answer: Answer;
  try {
    answer = await client.call({
      method: 'GET',
      route: '/issue/{id}/properties/{key}',
      path: path`/rest/api/2/issue/${idOrKey}/properties/${key}`,
    });
  } catch (error) {
    if (!(error instanceof TrackerError && error.code === 'not_found')) throw error;
    await getIssue(client, idOrKey, { fields: 'created', updateHistory: false });
    return undefined;
  }
  const property = parseAnswer(z.object({ value: z.unknown() }), answer, {
    what: 'GET /issue/{id}/properties/{key}',
    reads: true,
  });
  return property.value;
}

/** `POST /issue` (201), properties in the same request. Not idempotent. The answer has only id and key: read it back by GET. */
export async function createIssue(client: JiraClient, issue: NewIssue): Promise<{ id: string; key: string }> {
  const answer = await client.call({
    method: 'POST',
    route: '/issue',
    path: '/rest/api/2/issue',
    query: { updateHistory: false },
    json: {
      fields: {
        ...issue.extraFields,
        project: { id: issue.projectId },
        issuetype: { id: issue.issueTypeId },
        summary: issue.summary,
        ...(issue.description === null ? {} : { description: issue.description }),
        ...(issue.parentId === undefined ? {} : { parent: { id: issue.parentId } }),
      },
      ...(issue.properties === undefined ? {} : { properties: issue.properties }),
    },
  });
  return parseAnswer(createdIssueSchema, answer, { what: 'POST /issue', reads: false });
}

/** `PUT /issue/{id}` (204). Last write wins; Jira has no precondition. An edit without any field sends nothing. */
export async function editIssue(client: JiraClient, idOrKey: string, edit: IssueEdit): Promise<void> {
  const changed = {
    ...(edit.summary === undefined ? {} : { summary: edit.summary }),
    ...(edit.description === undefined ? {} : { description: edit.description }),
    ...(edit.issueTypeId === undefined ? {} : { issuetype: { id: edit.issueTypeId } }),
  };
  if (Object.keys(changed).length === 0) return;
  await client.call({
    method: 'PUT',
    route: '/issue/{id}',
    path: path`/rest/api/2/issue/${idOrKey}`,
    json: { fields: changed },
  });
}

const editMetaSchema = z.object({
  fields: optional(z.object({ issuetype: optional(z.object({ allowedValues: list(issueTypeSchema) })) })),
});

/** `GET /issue/{id}/editmeta`: the types an edit may set; empty when the account may not edit, or the type is not on the screen. */
export async function readEditableIssueTypes(
  client: JiraClient,
  idOrKey: string,
): Promise<readonly TrackerIssueType[]> {
  const answer = await client.call({
    method: 'GET',
    route: '/issue/{id}/editmeta',
    path: path`/rest/api/2/issue/${idOrKey}/editmeta`,
  });
  const meta = parseAnswer(editMetaSchema, answer, { what: 'GET /issue/{id}/editmeta', reads: true });
  return meta.fields?.issuetype?.allowedValues ?? [];
}
