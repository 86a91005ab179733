/** What the local Jira still has to be told so that it shows the state. */
import type { AttachmentEntry, CommentEntry, FieldName, FieldState, TwinState } from './state.ts';
import { fieldNames, isAlive } from './state.ts';
import { compareStamps } from './stamp.ts';
import { sameText, withAuthorLine } from './text.ts';

export interface Plan {
  /** Text fields whose value Jira does not show yet; never the issue type. */
  readonly fields: readonly Exclude<FieldName, 'issueType'>[];
  readonly issueType: boolean;
  readonly addComments: readonly CommentEntry[];
  readonly editComments: readonly CommentEntry[];
  readonly deleteComments: readonly CommentEntry[];
  readonly addAttachments: readonly AttachmentEntry[];
  readonly deleteAttachments: readonly AttachmentEntry[];
}

export function isRealized(field: FieldState): boolean {
  return field.realized !== null && compareStamps(field.realized.stamp, field.stamp) === 0;
}

/** Marks values that Jira shows already as realized, so that no request is made for them. */
export function settle(state: TwinState): TwinState {
  const fields: Partial<Record<FieldName, FieldState>> = {};
  for (const name of fieldNames) {
    const field = state.fields[name];
    if (field === undefined) continue;
    const shown = field.realized !== null && sameText(field.realized.text, field.value);
    fields[name] = shown ? { ...field, realized: { text: field.realized.text, stamp: field.stamp } } : field;
  }
  const comments = new Map(state.comments);
  for (const comment of state.comments.values()) {
    if (comment.realized === null || compareStamps(comment.realized.stamp, comment.stamp) === 0) continue;
    if (sameText(comment.realized.text, withAuthorLine(comment.authorLine, comment.body))) {
      comments.set(comment.uid, { ...comment, realized: { text: comment.realized.text, stamp: comment.stamp } });
    }
  }
  return { ...state, fields, comments };
}

export function plan(state: TwinState): Plan {
  const comments = [...state.comments.values()].toSorted(byCreation);
  const attachments = [...state.attachments.values()].toSorted(byCreation);
  const unrealized = fieldNames.filter((name) => {
    const field = state.fields[name];
    return field !== undefined && !isRealized(field);
  });
  return {
    fields: unrealized.filter((name) => name !== 'issueType'),
    issueType: unrealized.includes('issueType'),
    addComments: comments.filter((comment) => comment.localId === null && isAlive(comment)),
    editComments: comments.filter(
      (comment) =>
        comment.localId !== null &&
        !comment.hidden &&
        isAlive(comment) &&
        (comment.realized === null || compareStamps(comment.realized.stamp, comment.stamp) !== 0),
    ),
    deleteComments: comments.filter((comment) => comment.localId !== null && !comment.hidden && !isAlive(comment)),
    addAttachments: attachments.filter((attachment) => attachment.localId === null && !attachment.deleted),
    deleteAttachments: attachments.filter((attachment) => attachment.localId !== null && attachment.deleted),
  };
}

export function isDone(work: Plan): boolean {
  return (
    work.fields.length === 0 &&
    !work.issueType &&
    work.addComments.length === 0 &&
    work.editComments.length === 0 &&
    work.deleteComments.length === 0 &&
    work.addAttachments.length === 0 &&
    work.deleteAttachments.length === 0
  );
}

/** Whether a step changes what is already there; such a step starts from a fresh look at the issue (C5). */
export function overwrites(work: Plan): boolean {
  return work.fields.length > 0 || work.issueType || work.editComments.length > 0 || work.deleteComments.length > 0;
}

/** Made once: comparing by options would make one for each comparison. */
const byUid = new Intl.Collator('en', { numeric: true });

function byCreation(a: { createdMs: number; uid: string }, b: { createdMs: number; uid: string }): number {
  return a.createdMs - b.createdMs || byUid.compare(a.uid, b.uid);
}
