import type { SearchContent } from '../ports.ts';
import type { TwinState } from './state.ts';
import { sameText } from './text.ts';

/**
 * The first thing in which an issue differs from what sync knows it to show, in words for an admin; null when there is none.
 * What could not be read, and what sync has still to write, is no difference.
 */
export function shownDifference(state: TwinState, issue: SearchContent): string | null {
  const { summary, description, issueType } = state.fields;
  if (differs(summary?.realized?.text, issue.summary)) return 'The summary is not the one that sync knows.';
  if (differs(description?.realized?.text, issue.description ?? ''))
    return 'The description is not the one that sync knows.';
  if (differs(issueType?.realized?.text, issue.issueType)) return 'The issue type is not the one that sync knows.';
  return commentDifference(state, issue.comments) ?? attachmentDifference(state, issue.attachments);
}

function differs(known: string | undefined, shown: string): boolean {
  return known !== undefined && !sameText(known, shown);
}

function commentDifference(state: TwinState, shown: SearchContent['comments']): string | null {
  if (shown === null) return null;
  const known = new Map([...state.comments.values()].map((entry) => [entry.localId, entry]));
  known.delete(null);
  for (const { id, body } of shown) {
    const entry = known.get(id);
    known.delete(id);
    if (entry === undefined) return `Comment ${id} is not known to sync.`;
    if (entry.hidden) return `Comment ${id} had been out of sight.`;
    if (differs(entry.realized?.text, body)) return `Comment ${id} is not as sync knows it.`;
  }
  for (const [id, entry] of known) if (!entry.hidden) return `Comment ${id} is not there any more.`;
  return null;
}

function attachmentDifference(state: TwinState, shown: SearchContent['attachments']): string | null {
  if (shown === null) return null;
  const known = new Set([...state.attachments.values()].map(({ localId }) => localId));
  known.delete(null);
  for (const { id } of shown) if (!known.delete(id)) return `Attachment ${id} is not known to sync.`;
  const [gone] = known;
  return gone === undefined ? null : `Attachment ${gone} is not there any more.`;
}
