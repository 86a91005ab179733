import { EPIC_NAME, customFieldOf } from '../meta/fields.ts';
import { isEpic, typesOf } from '../meta/screens.ts';
import { createIssue } from '../issues/create.ts';
import { can } from '../permissions/check.ts';
import type { Call } from '../server/call.ts';
import { JiraError } from '../server/errors.ts';
import type { Reply } from '../server/reply.ts';
import type { JsonObject } from '../store/records.ts';
import { formFields, goTo, toLogin, tokenField } from './forms.ts';
import { markup, page } from './layout.ts';
import { errorText } from './error-text.ts';

function form(call: Call, error: string | null, old: URLSearchParams): Reply {
  const { jira, user } = call;
  if (user === null) return toLogin(call);
  const projects = [...jira.store.projects.values()].filter(
    (one) => !one.archived && can(jira, user, 'BROWSE_PROJECTS', one) && can(jira, user, 'CREATE_ISSUES', one),
  );
  const chosen = old.get('project');
  const sorted = projects.sort((a, b) => Number(b.key === chosen) - Number(a.key === chosen));
  const options = sorted.map((project) => {
    const types = typesOf(jira, project).filter((type) => !type.subtask);
    const list = types.map((type) => markup`<option value="${project.key}|${type.id}">${type.name}</option>`);
    return markup`<optgroup label="${project.name}">${list}</optgroup>`;
  });
  const body = markup`<section style="max-width:640px;margin:auto"><h1>Create issue</h1>${error === null ? null : markup`<p class="error" role="alert">${error}</p>`}
<form method="post" action="${jira.contextPath}/secure/CreateIssue.jspa">${tokenField(call)}<label for="where">Project and issue type</label><select id="where" name="where">${options}</select>
<label for="summary">Summary</label><input id="summary" name="summary" value="${old.get('summary')}">
<label for="description">Description</label><textarea id="description" name="description">
${old.get('description')}</textarea><button>Create</button></form></section>`;
  return page(jira, user, 'Create issue', body, error === null ? 200 : 400);
}

export function createPage(call: Call): Reply {
  return form(call, null, call.query);
}

/** Creates through the same code as REST; an epic is named after its summary. */
export async function createFromForm(call: Call): Promise<Reply> {
  if (call.user === null) return toLogin(call);
  const given = await formFields(call);
  const [project = '', typeId = ''] = (given.get('where') ?? '').split('|');
  const summary = given.get('summary') ?? '';
  const fields: JsonObject = {
    project: { key: project },
    issuetype: { id: typeId },
    summary,
    description: given.get('description') ?? '',
  };
  const type = call.jira.store.issueTypes.get(typeId);
  const epicName = customFieldOf(call.jira, EPIC_NAME);
  if (type !== undefined && isEpic(type) && epicName !== undefined) fields[epicName.id] = summary;
  try {
    const issue = createIssue(call.jira, call.user, { fields });
    call.issueKey = issue.key;
    return goTo(call, `/browse/${issue.key}`);
  } catch (error) {
    if (!(error instanceof JiraError)) throw error;
    given.set('project', project);
    return form(call, errorText(error), given);
  }
}
