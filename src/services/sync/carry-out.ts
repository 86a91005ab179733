/** Writing to the local Jira what it does not show yet. */
import type { TrackerIssue } from '#/engine/ports.ts';
import { isDone, overwrites, plan, settle } from '#/engine/replica/plan.ts';
import type { Written } from '#/engine/replica/read-back.ts';
import type { AttachmentEntry, CommentEntry, FieldName } from '#/engine/replica/state.ts';
import { findByName } from '#/engine/twin/issue-type.ts';
import { addAttachment, deleteAttachment } from './attachments.ts';
import { addComment, deleteComment, editComment } from './comments.ts';
import { createIssue } from './create-issue.ts';
import { reportProgress } from './deliver.ts';
import type { Lane } from './lane.ts';
import { look } from './look.ts';
import { saveLane } from './save-twin.ts';

export async function carryOut(lane: Lane): Promise<void> {
  lane.state = settle(lane.state);
  if (lane.twin.localIssueId === null && lane.state.fields.summary === undefined) return;
  let written: ReadonlyMap<FieldName, Written> = new Map();
  let issue: TrackerIssue | null = null;
  if (lane.twin.localIssueId === null) {
    written = await createIssue(lane);
    await reportProgress(lane);
  } else if (overwrites(plan(lane.state))) {
    issue = await look(lane);
    if (issue === null) return;
    lane.state = settle(lane.state);
    written = await editFields(lane, issue);
  }

  const work = plan(lane.state);
  if (work.issueType && issue !== null) await changeType(lane, issue);
  for (const comment of work.deleteComments) await deleteComment(lane, comment);
  for (const comment of work.editComments) await editComment(lane, comment, issue);
  await inOrder(lane, work.addComments, addComment);
  for (const attachment of work.deleteAttachments) await deleteAttachment(lane, attachment);
  await inOrder(lane, work.addAttachments, addAttachment);
  if (written.size > 0) await look(lane, written);
  else if (!isDone(work) || lane.answered !== null) await saveLane(lane);
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

async function editFields(lane: Lane, issue: TrackerIssue): Promise<ReadonlyMap<FieldName, Written>> {
  const written = new Map<FieldName, Written>();
  const edit: { summary?: string; description?: string } = {};
  for (const name of plan(lane.state).fields) {
    const field = lane.state.fields[name];
    if (field === undefined) continue;
    edit[name] = field.value;
    written.set(name, { before: field.realized?.text ?? null, text: field.value, stamp: field.stamp });
  }
  if (written.size === 0) return written;
  lane.lease.check();
  await lane.ctx.jira().editIssue(issue.id, edit);
  lane.timeline.push({ kind: 'edited', data: { fields: [...written.keys()] } });
  return written;
}

/** A11: mirrored where Jira lets the type be changed, else noted. Either way the wish is done with. */
async function changeType(lane: Lane, issue: TrackerIssue): Promise<void> {
  const field = lane.state.fields.issueType;
  if (field === undefined) return;
  const tracker = lane.ctx.jira();
  const target = findByName(await tracker.editableIssueTypes(issue.id), field.value);
  const now = target?.name ?? issue.issueType.name;
  if (target === undefined || target.subtask !== issue.issueType.subtask) {
    lane.timeline.push({ kind: 'type_not_changed', data: { wanted: field.value, kept: issue.issueType.name } });
  } else if (target.id !== issue.issueType.id) {
    lane.lease.check();
    await tracker.editIssue(issue.id, { issueTypeId: target.id });
    lane.timeline.push({ kind: 'edited', data: { fields: ['issueType'], type: target.name } });
  }
  const realized = { text: now, stamp: field.stamp };
  lane.state = { ...lane.state, fields: { ...lane.state.fields, issueType: { ...field, realized } } };
}
