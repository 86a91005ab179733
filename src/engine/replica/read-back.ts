/**
 * Looking at an issue after having written to it. Jira has no compare-and-set, so an edit that somebody made between our
 * read and our write is already overwritten; the changelog still has it, and it is merged back in (C5).
 */
import type { TrackerIssue } from '../ports.ts';
import { fieldChanges, fieldText, localEdit } from './observe.ts';
import type { FieldName, FieldState, Overwritten } from './state.ts';
import type { Side, Stamp } from './stamp.ts';
import { sameText } from './text.ts';

export interface Written {
  /** What Jira held according to the read before the write; null when the write created the issue. */
  readonly before: string | null;
  readonly text: string;
  readonly stamp: Stamp;
}

export function readBack(
  known: FieldState,
  field: FieldName,
  written: Written,
  issue: TrackerIssue,
  side: Side,
): { field: FieldState; overwritten: readonly Overwritten[] } {
  const overwritten: Overwritten[] = [];
  const changes = fieldChanges(issue, field);
  const stored = storedText(written, changes, fieldText(issue, field));
  const lost = written.before === null ? null : lostEdit(written.before, written.text, changes);
  const merged = lost === null ? known : localEdit(known, field, lost.text, lost.atMs, side, overwritten);
  return { field: { ...merged, realized: { text: stored, stamp: written.stamp } }, overwritten };
}

/**
 * Whether an edit of unknown outcome took place, from the issue as it is now. Jira does all of it or nothing: either every text
 * is there, or was after `lastChange`, the last entry of the changelog before the edit; or one of them came by the hand of the
 * proxy user. That a person wrote the same into one field says nothing about the others.
 */
export function editWasPerformed(
  texts: ReadonlyMap<FieldName, string>,
  issue: TrackerIssue,
  { lastChange, proxyName }: { lastChange: string | null; proxyName: string },
): boolean {
  const before = issue.changes.findLastIndex(({ historyId }) => historyId === lastChange);
  const later = new Set(issue.changes.slice(before + 1));
  const evidence = [...texts].map(([field, text]) => {
    const changes = fieldChanges(issue, field).filter(
      (change) => later.has(change) && sameText(change.toString_ ?? '', text),
    );
    return {
      seen: changes.length > 0 || sameText(fieldText(issue, field), text),
      ours: changes.some(({ author }) => author?.name === proxyName),
    };
  });
  return evidence.every(({ seen }) => seen) || evidence.some(({ ours }) => ours);
}

type Changes = ReturnType<typeof fieldChanges>;

/** The text as Jira kept it, which may differ from what was sent (trimmed, line ends). */
function storedText(written: Written, changes: Changes, shown: string): string {
  if (written.before === null) return changes[0] === undefined ? shown : (changes[0].fromString ?? '');
  const own = ownChange(written.text, changes);
  return own === -1 ? shown : (changes[own]?.toString_ ?? '');
}

function lostEdit(before: string, text: string, changes: Changes): { text: string; atMs: number } | null {
  const own = ownChange(text, changes);
  const change = changes[own];
  if (change === undefined || sameText(change.fromString ?? '', before)) return null;
  return { text: change.fromString ?? '', atMs: changes[own - 1]?.atMs ?? change.atMs };
}

function ownChange(text: string, changes: Changes): number {
  return changes.findLastIndex((change) => sameText(change.toString_ ?? '', text));
}
