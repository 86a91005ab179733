import { projectOf, visibleIssue } from '../permissions/check.ts';
import type { Call } from '../server/call.ts';
import { empty, json, ok } from '../server/reply.ts';
import type { Reply } from '../server/reply.ts';
import type { Router } from '../server/router.ts';
import { commentBean, visibleComments } from './bean.ts';
import { addComment, checkCommentInput, deleteComment, editComment, visibleComment } from './write.ts';

const EVERYTHING = 1_048_576; // what 7.x and 8.x write as maxResults when none is asked for

function expandOf(call: Call): string[] {
  return (call.query.get('expand') ?? '').split(',');
}

function list(call: Call): Reply {
  const { jira } = call;
  const issue = visibleIssue(jira, call.user, call.param('issueIdOrKey'));
  const all = visibleComments(jira, call.user, issue);
  if (call.query.get('orderBy') === '-created') all.reverse();
  const start = call.integer('startAt', 0);
  const most = call.integer('maxResults', jira.version.atLeast(10) ? 50 : EVERYTHING);
  const page = all.slice(start, start + most).map((comment) => commentBean(jira, comment, expandOf(call)));
  return ok({ startAt: start, maxResults: most, total: all.length, comments: page });
}

function add(call: Call): Reply {
  const { jira, user } = call;
  const issue = visibleIssue(jira, user, call.param('issueIdOrKey'));
  call.issueKey = issue.key;
  const input = checkCommentInput(jira, user, projectOf(jira, issue), call.bodyObject());
  return json(201, commentBean(jira, addComment(jira, user, issue, input), expandOf(call)));
}

function found(call: Call): ReturnType<typeof visibleComment> {
  const result = visibleComment(call.jira, call.user, call.param('commentId'), call.param('issueIdOrKey'));
  call.issueKey = result.issue.key;
  return result;
}

export function addCommentRoutes(router: Router, api: string): void {
  const base = `${api}/issue/{issueIdOrKey}/comment`;
  router.add('GET', base, list);
  router.add('POST', base, add);
  router.add('GET', `${base}/{commentId}`, (call) => ok(commentBean(call.jira, found(call).comment, expandOf(call))));
  router.add('PUT', `${base}/{commentId}`, (call) => {
    const { comment, issue } = found(call);
    return ok(
      commentBean(call.jira, editComment(call.jira, call.user, issue, comment, call.bodyObject()), expandOf(call)),
    );
  });
  router.add('DELETE', `${base}/{commentId}`, (call) => {
    const { comment, issue } = found(call);
    deleteComment(call.jira, call.user, issue, comment);
    return empty();
  });
}
