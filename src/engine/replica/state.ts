/**
 * What one node knows of a twin. Every value carries a stamp, and states are merged by taking the newer stamp, so the
 * order and repetition of messages do not matter. `realized` is what the local Jira is known to hold: a difference to it
 * is a change that somebody made here, and equality is how sync recognises its own writes (C3).
 */
import type { Side, Stamp } from './stamp.ts';
import { isNewer } from './stamp.ts';

/** A text as the local Jira holds it, and the stamp of the version that it shows. */
export interface Realized {
  readonly text: string;
  readonly stamp: Stamp;
}

export const fieldNames = ['summary', 'description', 'issueType'] as const;
/** `issueType` holds the type's name on the side that chose it; the other side realizes it by rule A3. */
export type FieldName = (typeof fieldNames)[number];

export interface FieldState {
  readonly value: string;
  readonly stamp: Stamp;
  readonly realized: Realized | null;
  /** Newest version that the partner is known to have. */
  readonly acked: Stamp | null;
}

export interface CommentEntry {
  readonly uid: string;
  readonly localId: string | null;
  /** The local Jira has it and does not show it to the proxy user: neither deleted nor to be written to. */
  readonly hidden: boolean;
  /** Was here before two issues were connected, and is never told to the partner. */
  readonly atHome: boolean;
  /** Without the author line. */
  readonly body: string;
  readonly authorName: string;
  /** The line written into the local copy; null while the local comment is the original. */
  readonly authorLine: string | null;
  readonly createdMs: number;
  readonly stamp: Stamp;
  /** Newest version that a deletion covers; an edit with a newer stamp outlives it (C4). */
  readonly deleted: Stamp | null;
  readonly realized: Realized | null;
  readonly acked: Stamp | null;
  readonly ackedDeleted: Stamp | null;
}

export interface AttachmentEntry {
  readonly uid: string;
  readonly localId: string | null;
  readonly filename: string;
  readonly mimeType: string;
  readonly sizeBytes: number;
  readonly authorName: string;
  readonly createdMs: number;
  readonly sha256: string | null;
  /** Where the local Jira serves the bytes; null while it does not hold the file. */
  readonly contentUrl: string | null;
  /** Was here before two issues were connected, and is never told to the partner. */
  readonly atHome: boolean;
  readonly deleted: boolean;
  readonly acked: boolean;
  readonly ackedDeleted: boolean;
}

export interface TwinState {
  readonly side: Side;
  readonly fields: Readonly<Partial<Record<FieldName, FieldState>>>;
  readonly comments: ReadonlyMap<string, CommentEntry>;
  readonly attachments: ReadonlyMap<string, AttachmentEntry>;
}

export function emptyState(side: Side): TwinState {
  return { side, fields: {}, comments: new Map(), attachments: new Map() };
}

export function isAlive(comment: CommentEntry): boolean {
  return isNewer(comment.stamp, comment.deleted);
}

/** A value that lost a conflict; kept on the timeline so that nothing disappears without a trace (C4). */
export interface Overwritten {
  readonly what: FieldName | 'comment';
  readonly uid: string | null;
  /** Side whose value was overwritten. */
  readonly side: Side;
  readonly value: string;
  readonly by: string;
}
