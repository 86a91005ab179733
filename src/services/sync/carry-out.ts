/** Writing to the local Jira what it does not show yet. */
import { TrackerError } from '#/engine/ports.ts';
import type { IssueEdit, TrackerIssue } from '#/engine/ports.ts';
import { isDone, overwrites, plan, settle } from '#/engine/replica/plan.ts';
import type { Plan } from '#/engine/replica/plan.ts';
import type { Written } from '#/engine/replica/read-back.ts';
import type { AttachmentEntry, CommentEntry, FieldName } from '#/engine/replica/state.ts';
import { oneLine } from '#/engine/notification/one-line.ts';
import { findByName } from '#/engine/twin/issue-type.ts';
import { addAttachment, deleteAttachment } from './attachments.ts';
import { addComment, deleteComment, editComment } from './comments.ts';
import { createIssue } from './create-issue.ts';
import { reportProgress } from './deliver.ts';
import type { Lane } from './lane.ts';
import { issueName } from './lane-fault.ts';
import { look } from './look.ts';
import { writeOpenly } from './non-repeatable.ts';
import { saveLane } from './save-twin.ts';
import { apart, commentSubject, fieldSubject, fileSubject, remaining } from './set-aside.ts';

export async function carryOut(lane: Lane): Promise<void> {
  lane.state = settle(lane.state);
  if (lane.twin.localIssueId === null && lane.state.fields.summary === undefined) return;
  let created: ReadonlyMap<FieldName, Written> = new Map();
  let issue: TrackerIssue | null = null;
  if (lane.twin.localIssueId === null) {
    created = await createIssue(lane);
    await reportProgress(lane);
  } else if (overwrites(remaining(lane))) {
    issue = await look(lane);
    if (issue === null) return;
    lane.state = settle(lane.state);
    issue = await editFields(lane, issue);
    if (issue !== null && plan(lane.state).issueType) issue = await changeType(lane, issue);
    if (issue === null) return;
  }

  const work = remaining(lane);
  for (const comment of work.deleteComments) await deleteComment(lane, comment);
  for (const comment of work.editComments) await writeComment(lane, comment, () => editComment(lane, comment, issue));
  await inOrder(lane, work.addComments, (_, comment) => writeComment(lane, comment, () => addComment(lane, comment)));
  for (const attachment of work.deleteAttachments) await deleteAttachment(lane, attachment);
  await inOrder(lane, work.addAttachments, async (_, file) => {
    const doing = `storing "${file.filename}" in ${issueName(lane)}`;
    await apart(lane, { subject: fileSubject(file), doing }, () => addAttachment(lane, file));
  });
  if (created.size > 0) await look(lane, created);
  else if (!isDone(work) || lane.answered !== null) await saveLane(lane);
}

/** A comment that Jira does not accept, as too long together with the line that names its author, stops itself alone. */
function writeComment(lane: Lane, comment: CommentEntry, write: () => Promise<void>): Promise<void> {
  const { authorName, createdMs, body } = comment;
  const at = `${new Date(createdMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  const text = body.trim() === '' ? 'no text' : `"${oneLine(body, 60)}"`;
  const doing = `writing the comment of ${oneLine(authorName)} of ${at} (${text})`;
  return apart(lane, { subject: commentSubject(comment), doing, refusedAs: 'comment_refused' }, write);
}

async function inOrder<Entry extends CommentEntry | AttachmentEntry>(
  lane: Lane,
  entries: readonly Entry[],
  step: (lane: Lane, entry: Entry) => Promise<void>,
): Promise<void> {
  for (const entry of entries) {
    await step(lane, entry);
    await reportProgress(lane);
  }
}

/** The issue as it is afterwards, null when it is gone. What Jira refuses together is sent singly: a refused field stops no other. */
async function editFields(lane: Lane, issue: TrackerIssue): Promise<TrackerIssue | null> {
  const names = remaining(lane).fields;
  if (names.length > 1) {
    try {
      return await sendFields(lane, issue, names);
    } catch (error) {
      if (!(error instanceof TrackerError) || error.code !== 'invalid') throw error;
    }
  }
  let shown: TrackerIssue | null = issue;
  for (const name of names) {
    const doing = `changing the ${name} of ${issue.key}`;
    await apart(lane, { subject: fieldSubject(name), doing }, async () => {
      if (shown !== null) shown = await sendFields(lane, shown, [name]);
    });
  }
  return shown;
}

async function sendFields(lane: Lane, issue: TrackerIssue, names: Plan['fields']): Promise<TrackerIssue | null> {
  const written = new Map<FieldName, Written>();
  const edit: { summary?: string; description?: string } = {};
  for (const name of names) {
    const field = lane.state.fields[name];
    if (field === undefined) continue;
    edit[name] = field.value;
    written.set(name, { before: field.realized?.text ?? null, text: field.value, stamp: field.stamp });
  }
  return written.size === 0 ? issue : editAndLook(lane, issue, 'fields', edit, written);
}

/**
 * The intent stays until the issue has been read again: only that look tells our text from one that a person wrote, also
 * when the answer was lost (C3), and brings back an edit that our write covered (C5).
 */
async function editAndLook(
  lane: Lane,
  issue: TrackerIssue,
  subject: string,
  edit: IssueEdit,
  written: ReadonlyMap<FieldName, Written>,
): Promise<TrackerIssue | null> {
  const detail = { written: Object.fromEntries(written), lastChange: issue.changes.at(-1)?.historyId ?? null };
  const intent = { kind: 'edit_issue', subject, detail } as const;
  await writeOpenly(lane, intent, () => lane.ctx.jira().editIssue(issue.id, edit));
  lane.timeline.push({ kind: 'edited', data: { fields: [...written.keys()] } });
  return look(lane, written, intent);
}

/** A11: mirrored where Jira lets the type be changed, else noted. Either way the wish is done with. */
async function changeType(lane: Lane, issue: TrackerIssue): Promise<TrackerIssue | null> {
  const field = lane.state.fields.issueType;
  if (field === undefined) return issue;
  const tracker = lane.ctx.jira();
  const target = findByName(await tracker.editableIssueTypes(issue.id), field.value);
  if (target !== undefined && target.subtask === issue.issueType.subtask && target.id !== issue.issueType.id) {
    const written: Written = { before: issue.issueType.name, text: target.name, stamp: field.stamp };
    return editAndLook(lane, issue, 'type', { issueTypeId: target.id }, new Map([['issueType', written]]));
  }
  if (target?.id !== issue.issueType.id) {
    lane.timeline.push({ kind: 'type_not_changed', data: { wanted: field.value, kept: issue.issueType.name } });
  }
  const realized = { text: issue.issueType.name, stamp: field.stamp };
  lane.state = { ...lane.state, fields: { ...lane.state.fields, issueType: { ...field, realized } } };
  return issue;
}
