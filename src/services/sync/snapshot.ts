/** Everything that this node knows of a twin, for a partner that lost what it knew (C10) or compares (verify). */
import { createHash } from 'node:crypto';
import type { Delta, Progress } from '#/engine/protocol/messages.ts';
import type { TwinSnapshot } from '#/engine/protocol/question.ts';
import { unsentDelta } from '#/engine/replica/delta.ts';
import { isDone, plan, settle } from '#/engine/replica/plan.ts';
import { fieldNames, isAlive } from '#/engine/replica/state.ts';
import type { TwinState } from '#/engine/replica/state.ts';
import { carriedOver } from '../twin/connect-state.ts';
import type { LoadedTwin } from './load-twin.ts';
import { stuckWith } from './message.ts';

/** The state as if the partner had never acknowledged anything. */
function withoutAcks(state: TwinState): TwinState {
  const fields = Object.fromEntries(
    Object.entries(state.fields).map(([name, field]) => [name, { ...field, acked: null }]),
  ) as TwinState['fields'];
  const comments = new Map(
    [...state.comments].map(([uid, entry]) => [uid, { ...entry, acked: null, ackedDeleted: null }]),
  );
  const attachments = new Map(
    [...state.attachments].map(([uid, entry]) => [uid, { ...entry, acked: false, ackedDeleted: false }]),
  );
  return { ...state, fields, comments, attachments };
}

export function wholeDelta(state: TwinState): Delta {
  return unsentDelta(withoutAcks(state));
}

/**
 * Fingerprint of what both nodes should know alike once nothing is under way: values with their stamps, living comments
 * and files. What only one side has (local ids, what its Jira made of a text, what stays at home) is left out.
 */
export function stateDigest(state: TwinState): string {
  const fields = fieldNames.map((name) => {
    const field = state.fields[name];
    return field === undefined ? null : [name, field.value, field.stamp.time, field.stamp.side];
  });
  const comments = [...state.comments.values()]
    .filter((comment) => isAlive(comment) && !comment.atHome)
    .map(({ uid, body, stamp }) => [uid, body, stamp.time, stamp.side])
    .toSorted(byUid);
  const attachments = [...state.attachments.values()]
    .filter((attachment) => !attachment.deleted && !attachment.atHome)
    .map(({ uid, sizeBytes }) => [uid, sizeBytes])
    .toSorted(byUid);
  return createHash('sha256')
    .update(JSON.stringify([fields, comments, attachments]))
    .digest('hex');
}

function byUid(a: readonly unknown[], b: readonly unknown[]): number {
  return String(a[0]) < String(b[0]) ? -1 : 1;
}

export function twinSnapshot(loaded: LoadedTwin): TwinSnapshot {
  const { twin, state, requests } = loaded;
  const { localIssueId, localIssueKey, localProjectKey, remoteIssueId, remoteIssueKey } = twin;
  return {
    twin: twin.uid,
    ended: twin.endedAt === null ? null : twin.status === 'local_removed' ? 'issue_deleted' : 'unexalated',
    createdMs: twin.createdAt.getTime(),
    received: Math.max(twin.inNumber, ...requests.map(({ message }) => message.number)),
    sent: twin.outNumber,
    sentContent: twin.outContent,
    issue:
      localIssueId === null || localIssueKey === null || localProjectKey === null
        ? null
        : { id: localIssueId, key: localIssueKey, projectKey: localProjectKey, parentTwin: null, subtask: false },
    askersIssue: remoteIssueId === null || remoteIssueKey === null ? null : { id: remoteIssueId, key: remoteIssueKey },
    begunByAsker: twin.exalatedBy === 'partner',
    carried: carriedOver(twin),
    delta: wholeDelta(state),
    progress: progress(loaded),
  };
}

function progress(loaded: LoadedTwin): Progress {
  const { twin, state, requests } = loaded;
  const comments = [...state.comments.values()].filter(isAlive);
  const attachments = [...state.attachments.values()].filter((attachment) => !attachment.deleted);
  const realized = twin.localIssueId !== null && requests.length === 0 && isDone(plan(settle(state)));
  return {
    applied: realized ? twin.inContent : twin.reportedApplied,
    comments: { done: comments.filter(({ localId }) => localId !== null).length, total: comments.length },
    attachments: { done: attachments.filter(({ localId }) => localId !== null).length, total: attachments.length },
    error: stuckWith(loaded),
  };
}
