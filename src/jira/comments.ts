import { z } from 'zod';
import { TrackerError, type TrackerComment } from '#/engine/ports.ts';
import { path } from './base-url.ts';
import type { JiraClient } from './client.ts';
import { succeedWhenGone } from './gone.ts';
import { commentPageSchema, commentSchema } from './issue-schema.ts';
import { parseAnswer } from './parse.ts';

const pageSize = 1000;

/**
 * All comments of an issue, oldest first, page by page (`GET /issue/{id}/comment`; newer versions give 50 a page). A comment that
 * moves to another page while they are read is given once.
 */
export async function readAllComments(client: JiraClient, issue: string): Promise<TrackerComment[]> {
  const comments = new Map<string, TrackerComment>();
  for (let startAt = 0; ;) {
    const answer = await client.call({
      method: 'GET',
      route: '/issue/{id}/comment',
      path: path`/rest/api/2/issue/${issue}/comment`,
      query: { startAt, maxResults: pageSize },
    });
    const page = parseAnswer(commentPageSchema, answer, { what: 'GET /issue/{id}/comment', reads: true });
    for (const comment of page.comments) comments.set(comment.id, comment);
    startAt += page.comments.length;
    if (page.comments.length === 0 || startAt >= (page.total ?? startAt)) return [...comments.values()];
  }
}

/** `POST /issue/{id}/comment` (201). Not idempotent: twice makes two. */
export async function addComment(
  client: JiraClient,
  issue: string,
  comment: { body: string; properties?: ReadonlyArray<{ key: string; value: unknown }> },
): Promise<TrackerComment> {
  const answer = await client.call({
    method: 'POST',
    route: '/issue/{id}/comment',
    path: path`/rest/api/2/issue/${issue}/comment`,
    json: { body: comment.body, ...(comment.properties === undefined ? {} : { properties: comment.properties }) },
  });
  return parseAnswer(commentSchema, answer, { what: 'POST /issue/{id}/comment', reads: false });
}

/** `PUT /issue/{id}/comment/{id}` (200). Sends the visibility back, as leaving it out may clear the restriction. */
export async function editComment(
  client: JiraClient,
  issue: string,
  commentId: string,
  comment: { body: string; visibility: TrackerComment['visibility'] },
): Promise<TrackerComment> {
  const answer = await client.call({
    method: 'PUT',
    route: '/issue/{id}/comment/{commentId}',
    path: path`/rest/api/2/issue/${issue}/comment/${commentId}`,
    json: { body: comment.body, ...(comment.visibility === null ? {} : { visibility: comment.visibility }) },
  });
  return parseAnswer(commentSchema, answer, { what: 'PUT /issue/{id}/comment/{commentId}', reads: false });
}

/** `DELETE /issue/{id}/comment/{id}` (204); a comment or issue that is gone already is success. */
export async function deleteComment(client: JiraClient, issue: string, commentId: string): Promise<void> {
  await succeedWhenGone(
    client.call({
      method: 'DELETE',
      route: '/issue/{id}/comment/{commentId}',
      path: path`/rest/api/2/issue/${issue}/comment/${commentId}`,
    }),
  );
}

/**
 * `GET /comment/{id}/properties`: the one resource that tells a comment that the account may not see (403) from one that does
 * not exist (404); reading the comment itself is answered 404 in both cases.
 */
export async function commentExists(client: JiraClient, commentId: string): Promise<boolean> {
  try {
    await client.call({
      method: 'GET',
      route: '/comment/{id}/properties',
      path: path`/rest/api/2/comment/${commentId}/properties`,
    });
    return true;
  } catch (error) {
    if (error instanceof TrackerError && error.code === 'forbidden') return true;
    if (error instanceof TrackerError && error.code === 'not_found') return false;
    throw error;
  }
}

/** `GET /comment/{id}/properties/{key}`: `undefined` when it is not set, or the comment is gone or out of sight. */
export async function readCommentProperty(client: JiraClient, commentId: string, key: string): Promise<unknown> {
  try {
    const answer = await client.call({
      method: 'GET',
      route: '/comment/{id}/properties/{key}',
      path: path`/rest/api/2/comment/${commentId}/properties/${key}`,
    });
    return parseAnswer(z.object({ value: z.unknown() }), answer, {
      what: 'GET /comment/{id}/properties/{key}',
      reads: true,
    }).value;
  } catch (error) {
    if (error instanceof TrackerError && (error.code === 'not_found' || error.code === 'forbidden')) return undefined;
    throw error;
  }
}
