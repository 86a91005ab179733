import { contentUrl } from '../attachments/bean.ts';
import { mayDeleteAttachment } from '../attachments/write.ts';
import { visibleComments } from '../comments/bean.ts';
import { mayDeleteComment, mayEditComment } from '../comments/write.ts';
import { offsetAt } from '../core/zone.ts';
import { allowedTypes } from '../issues/edit.ts';
import { renderWiki } from '../issues/rendered.ts';
import { PRIORITIES, STATUSES, statusOf } from '../meta/catalog.ts';
import { fieldById } from '../meta/fields.ts';
import { can, projectOf } from '../permissions/check.ts';
import type { Call } from '../server/call.ts';
import type { Reply } from '../server/reply.ts';
import type { AttachmentRecord, CommentRecord, IssueRecord } from '../store/records.ts';
import { formToken, tokenField } from './forms.ts';
import type { Markup } from './layout.ts';
import { markup, page, raw } from './layout.ts';

function person(call: Call, key: string | null): string {
  return call.jira.store.users.get(key)?.displayName ?? (key === null ? 'Nobody' : key);
}

function when(call: Call, instant: number): string {
  const zone = call.user?.timeZone ?? call.jira.settings.timeZone;
  return new Date(instant + offsetAt(zone, instant)).toISOString().slice(0, 16).replace('T', ' ');
}

function path(call: Call, issue: IssueRecord, rest: string): string {
  return `${call.jira.contextPath}/browse/${issue.key}${rest}`;
}

function smallButton(call: Call, action: string, label: string): Markup {
  return markup`<form method="post" action="${action}">${tokenField(call)}<button class="plain">${label}</button></form>`;
}

function commentPart(call: Call, issue: IssueRecord, one: CommentRecord): Markup {
  const edited =
    one.updated === one.created
      ? null
      : markup` · edited ${when(call, one.updated)} by ${person(call, one.updateAuthor)}`;
  const shown = one.visibility === null ? null : markup` · <b>only ${one.visibility.value}</b>`;
  const base = path(call, issue, `/comment/${one.id}`);
  const edit = mayEditComment(call.jira, call.user, issue, one)
    ? markup`<details><summary>Edit</summary><form method="post" action="${base}">${tokenField(call)}<textarea name="body" aria-label="Comment">
${one.body}</textarea><button>Save</button></form></details>`
    : null;
  const remove = mayDeleteComment(call.jira, call.user, issue, one)
    ? smallButton(call, `${base}/delete`, 'Delete')
    : null;
  return markup`<div class="comment" id="comment-${one.id}"><div class="row"><b>${person(call, one.author)}</b><span class="dim">${when(call, one.created)}${edited}${shown}</span>${remove}</div><div class="wiki">${raw(renderWiki(one.body))}</div>${edit}</div>`;
}

function filePart(call: Call, issue: IssueRecord, one: AttachmentRecord): Markup {
  // the link stays on the address the page was opened with, whatever the configured base URL is
  const url = `${call.jira.contextPath}${contentUrl(call.jira, one).slice(call.jira.baseUrl.length)}`;
  const picture =
    one.mimeType.startsWith('image/') && one.mimeType !== 'image/svg+xml'
      ? markup`<a href="${url}"><img src="${url}" alt=""></a>`
      : null;
  const remove = mayDeleteAttachment(call.jira, call.user, issue, one)
    ? smallButton(call, path(call, issue, `/attachment/${one.id}/delete`), 'Delete')
    : null;
  return markup`<div class="file">${picture}<div><a href="${url}">${one.filename}</a></div><div class="dim">${one.size.toLocaleString('en-US')} bytes · ${person(call, one.author)}</div>${remove}</div>`;
}

function editPart(call: Call, issue: IssueRecord): Markup | null {
  const { jira, user } = call;
  const project = projectOf(jira, issue);
  if (!can(jira, user, 'EDIT_ISSUES', project, issue)) return null;
  const types = allowedTypes(jira, project, issue).map(
    (type) =>
      markup`<option value="${type.id}"${type.id === issue.typeId ? raw(' selected') : ''}>${type.name}</option>`,
  );
  const priorities = PRIORITIES.map(
    (one) =>
      markup`<option value="${one.id}"${one.id === issue.priorityId ? raw(' selected') : ''}>${one.name}</option>`,
  );
  return markup`<details><summary>Edit</summary><form id="edit" method="post" action="${path(call, issue, '/edit')}">${tokenField(call)}
<label for="summary">Summary</label><input id="summary" name="summary" value="${issue.summary}">
<label for="issuetype">Issue type</label><select id="issuetype" name="issuetype">${types}</select>
<label for="priority">Priority</label><select id="priority" name="priority">${priorities}</select>
<label for="labels">Labels (separated by spaces)</label><input id="labels" name="labels" value="${issue.labels.join(' ')}">
<label for="description">Description</label><textarea id="description" name="description">
${issue.description}</textarea><button>Save</button></form></details>`;
}

function statusPart(call: Call, issue: IssueRecord): Markup {
  const now = statusOf(issue.statusId);
  const others = can(call.jira, call.user, 'TRANSITION_ISSUES', projectOf(call.jira, issue), issue)
    ? STATUSES.filter((one) => one.id !== now.id)
    : [];
  const buttons = others.map(
    (one) =>
      markup`<form method="post" action="${path(call, issue, '/transition')}">${tokenField(call)}<input type="hidden" name="id" value="${one.transitionId}"><button class="plain">→ ${one.name}</button></form>`,
  );
  return markup`<div class="row"><span class="lozenge ${now.category.key}">${now.name}</span>${buttons}</div>`;
}

function detailPart(call: Call, issue: IssueRecord): Markup {
  const { jira } = call;
  const line = (name: string, value: string | null | undefined): Markup =>
    markup`<dt>${name}</dt><dd>${value ?? '—'}</dd>`;
  const customs = Object.entries(issue.custom).filter(([, value]) => value !== null);
  const text = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));
  const parent = jira.store.issues.get(issue.parentId);
  return markup`<dl>${line('Type', jira.store.issueTypes.get(issue.typeId)?.name)}${line('Priority', PRIORITIES.find((one) => one.id === issue.priorityId)?.name)}
${line('Labels', issue.labels.join(', ') || null)}${line('Assignee', issue.assignee === null ? 'Unassigned' : person(call, issue.assignee))}${line('Reporter', person(call, issue.reporter))}
${parent === undefined ? null : line('Parent', parent.key)}${customs.map(([id, value]) => line(fieldById(jira, id)?.name ?? id, text(value)))}
${line('Created', when(call, issue.created))}${line('Updated', when(call, issue.updated))}</dl>`;
}

/** What a page open in a browser compares to see that it is out of date. */
export function fingerprint(call: Call, issue: IssueRecord): string {
  return `${issue.updated}-${call.jira.store.commentsOf.count(issue.id)}-${call.jira.store.attachmentsOf.count(issue.id)}`;
}

// a page with text being typed, or a form open, does not reload under the person's hands: it says that there is news
function refreshScript(call: Call, issue: IssueRecord): Markup {
  const config = JSON.stringify({ url: path(call, issue, '/fingerprint'), now: fingerprint(call, issue) }).replaceAll(
    '<',
    '\\u003c',
  );
  return markup`<p id="news" class="error" role="status" hidden>This issue has changed. <a href="">Reload</a></p><script>${raw(`(()=>{const c=${config};const busy=()=>document.querySelector('details[open]')||[...document.querySelectorAll('main textarea,main input[type=file]')].some(e=>e.value!==e.defaultValue);
setInterval(async()=>{try{const r=await fetch(c.url);if(!r.ok&&r.status!==404)return;const t=await r.text();if(t===c.now)return;if(busy())document.getElementById('news').hidden=false;else location.reload()}catch{}},2000)})()`)}</script>`;
}

/** The page of one issue. `error` is what the last form was refused with. */
export function issuePage(call: Call, issue: IssueRecord, error: string | null = null): Reply {
  const { jira, user } = call;
  const project = projectOf(jira, issue);
  const files = jira.store.attachmentsOf.of(issue.id);
  const comments = visibleComments(jira, user, issue);
  const addComment = can(jira, user, 'ADD_COMMENTS', project, issue)
    ? markup`<form id="add-comment" method="post" action="${path(call, issue, '/comment')}">${tokenField(call)}<label for="comment">Add a comment</label><textarea id="comment" name="body"></textarea><button>Add</button></form>`
    : null;
  const addFile = can(jira, user, 'CREATE_ATTACHMENTS', project, issue)
    ? markup`<form id="add-file" method="post" enctype="multipart/form-data" action="${path(call, issue, `/attachment?atl_token=${formToken(call)}`)}"><label for="file">Attach files</label><input id="file" type="file" name="file" multiple><button>Attach</button></form>`
    : null;
  const remove = can(jira, user, 'DELETE_ISSUES', project, issue)
    ? smallButton(call, path(call, issue, '/delete'), 'Delete issue')
    : null;
  const body = markup`${error === null ? null : markup`<p class="error" role="alert">${error}</p>`}${refreshScript(call, issue)}
<div class="dim">${project.name} / <a href="${path(call, issue, '')}">${issue.key}</a></div><h1 id="summary-val">${issue.summary}</h1>${statusPart(call, issue)}<br>
<div class="grid"><div><section><h2>Description</h2><div class="wiki" id="description-val">${issue.description === null ? markup`<p class="dim">None</p>` : raw(renderWiki(issue.description))}</div>${editPart(call, issue)}</section>
<section><h2>Attachments (${files.length})</h2><div class="files">${files.map((one) => filePart(call, issue, one))}</div>${addFile}</section>
<section><h2>Comments (${comments.length})</h2>${comments.map((one) => commentPart(call, issue, one))}${addComment}</section></div>
<div><section><h2>Details</h2>${detailPart(call, issue)}</section>${remove}</div></div>`;
  return page(jira, user, `[${issue.key}] ${issue.summary}`, body, error === null ? 200 : 400);
}
