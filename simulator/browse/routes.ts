import { attachUploads } from '../attachments/routes.ts';
import { detach } from '../attachments/write.ts';
import { addComment, checkCommentInput, deleteComment, editComment, visibleComment } from '../comments/write.ts';
import { deleteIssue } from '../issues/delete.ts';
import { editIssue } from '../issues/edit.ts';
import { transitionIssue } from '../issues/transitions.ts';
import { projectOf, visibleIssue } from '../permissions/check.ts';
import type { Call } from '../server/call.ts';
import { JiraError } from '../server/errors.ts';
import { plain } from '../server/reply.ts';
import type { Reply } from '../server/reply.ts';
import type { Handler, Router } from '../server/router.ts';
import type { IssueRecord } from '../store/records.ts';
import { createFromForm, createPage } from './create-page.ts';
import { errorText } from './error-text.ts';
import { checkQueryToken, formFields, goTo, toLogin } from './forms.ts';
import { fingerprint, issuePage } from './issue-page.ts';
import { markup, page } from './layout.ts';
import { loginPage, signIn, signOut } from './login.ts';
import { startPage } from './start-page.ts';

function missing(call: Call): Reply {
  const body = markup`<section><h1>Issue does not exist</h1><p>The issue you are trying to view does not exist, or you may not see it.</p></section>`;
  return page(call.jira, call.user, 'Issue does not exist', body, 404);
}

function issueIn(call: Call): IssueRecord {
  const issue = visibleIssue(call.jira, call.user, call.param('key'));
  call.issueKey = issue.key;
  return issue;
}

/** Shows the issue, sends strangers to the login page. */
function view(call: Call): Reply {
  try {
    const issue = issueIn(call);
    return issue.key === call.param('key') ? issuePage(call, issue) : goTo(call, `/browse/${issue.key}`);
  } catch (error) {
    if (!(error instanceof JiraError)) throw error;
    return error.status === 401 ? toLogin(call) : missing(call);
  }
}

/** A form's action: does it, goes back to the issue, or shows the issue with what was wrong. */
function action(work: (call: Call, issue: IssueRecord) => Promise<string | void> | string | void): Handler {
  return async (call) => {
    if (call.user === null) return toLogin(call);
    let issue: IssueRecord | null = null;
    try {
      issue = issueIn(call);
      const target = await work(call, issue);
      return goTo(call, target ?? `/browse/${issue.key}`);
    } catch (error) {
      if (!(error instanceof JiraError)) throw error;
      const now = call.jira.store.issues.get(issue?.id);
      return now === undefined ? missing(call) : issuePage(call, now, errorText(error));
    }
  };
}

const edit = action(async (call, issue) => {
  const given = await formFields(call);
  const text = (name: string): string => given.get(name) ?? '';
  const fields = {
    summary: text('summary'),
    description: text('description'),
    priority: { id: text('priority') },
    labels: text('labels')
      .split(/\s+/)
      .filter((label) => label !== ''),
    ...(text('issuetype') === issue.typeId ? {} : { issuetype: { id: text('issuetype') } }),
  };
  editIssue(call.jira, call.user, issue, { fields });
});

const comment = action(async (call, issue) => {
  const body = (await formFields(call)).get('body') ?? '';
  addComment(
    call.jira,
    call.user,
    issue,
    checkCommentInput(call.jira, call.user, projectOf(call.jira, issue), { body }),
  );
});

const changeComment = action(async (call, issue) => {
  const body = (await formFields(call)).get('body') ?? '';
  const found = visibleComment(call.jira, call.user, call.param('id'), issue.id).comment;
  // the page does not offer the restriction: it stays as it is
  const visibility = found.visibility === null ? null : { ...found.visibility };
  editComment(call.jira, call.user, issue, found, { body, visibility });
});

const removeComment = action(async (call, issue) => {
  await formFields(call);
  deleteComment(call.jira, call.user, issue, visibleComment(call.jira, call.user, call.param('id'), issue.id).comment);
});

const attachFiles = action(async (call, issue) => {
  checkQueryToken(call);
  await attachUploads(call, issue);
});

const removeFile = action(async (call, issue) => {
  await formFields(call);
  const one = call.jira.store.attachments.get(call.param('id'));
  if (one?.issueId !== issue.id) throw new JiraError(404, 'The attachment does not exist.');
  detach(call.jira, call.user, issue, one);
});

const transition = action(async (call, issue) => {
  transitionIssue(call.jira, call.user, issue, { transition: { id: (await formFields(call)).get('id') } });
});

const remove = action(async (call, issue) => {
  await formFields(call);
  deleteIssue(call.jira, call.user, issue, true);
  return '/';
});

/** The pages for people. */
export function addBrowseRoutes(router: Router): void {
  const form = { rawBody: true };
  router.add('GET', '/', startPage);
  router.add('GET', '/login.jsp', loginPage);
  router.add('POST', '/login.jsp', signIn, form);
  router.add('GET', '/logout', signOut);
  router.add('GET', '/secure/CreateIssue.jspa', createPage);
  router.add('POST', '/secure/CreateIssue.jspa', createFromForm, form);
  router.add('GET', '/browse/{key}', view);
  router.add('GET', '/browse/{key}/fingerprint', (call) => {
    try {
      return plain(200, fingerprint(call, issueIn(call)));
    } catch (error) {
      if (!(error instanceof JiraError)) throw error;
      return plain(404, 'gone');
    }
  });
  router.add('POST', '/browse/{key}/edit', edit, form);
  router.add('POST', '/browse/{key}/comment', comment, form);
  router.add('POST', '/browse/{key}/comment/{id}', changeComment, form);
  router.add('POST', '/browse/{key}/comment/{id}/delete', removeComment, form);
  router.add('POST', '/browse/{key}/attachment', attachFiles, form);
  router.add('POST', '/browse/{key}/attachment/{id}/delete', removeFile, form);
  router.add('POST', '/browse/{key}/transition', transition, form);
  router.add('POST', '/browse/{key}/delete', remove, form);
}
