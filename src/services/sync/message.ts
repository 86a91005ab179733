/** Building the message that tells the partner what it does not know yet. */
import type { ConnectRequest, Delta, Message, Progress, TracePairs } from '#/engine/protocol/messages.ts';
import { emptyDelta, isEmptyDelta } from '#/engine/replica/delta.ts';
import { isDone, plan, settle } from '#/engine/replica/plan.ts';
import { isAlive } from '#/engine/replica/state.ts';
import { faults, isFaultCode } from '#/engine/fault/faults.ts';
import type { Lane } from './lane.ts';

export interface MessageParts {
  kind: Message['kind'];
  delta?: Delta;
  ended?: 'unexalated' | 'issue_deleted' | 'cleaned_up';
  parentTwin?: string | null;
  subtask?: boolean;
  connect?: ConnectRequest;
  pairs?: TracePairs;
}

/** Takes the next number of the twin; the lane must be saved with it. */
export function buildMessage(lane: Lane, parts: MessageParts): Message {
  const { twin, ctx } = lane;
  const delta = parts.delta ?? emptyDelta();
  const content = !isEmptyDelta(delta);
  twin.outNumber += 1;
  if (content) twin.outContent = twin.outNumber;
  const progress = progressOf(lane);
  twin.reportedApplied = progress.applied;
  twin.reportedState = progressKey(lane, progress);
  return {
    id: ctx.ids.uuid(),
    twin: twin.uid,
    number: twin.outNumber,
    kind: parts.kind,
    content,
    issue:
      twin.localIssueId === null || twin.localIssueKey === null || twin.localProjectKey === null
        ? null
        : {
            id: twin.localIssueId,
            key: twin.localIssueKey,
            projectKey: twin.localProjectKey,
            parentTwin: parts.parentTwin ?? null,
            subtask: parts.subtask ?? false,
          },
    delta,
    progress,
    ended: parts.ended ?? null,
    ...(twin.priority > 0 ? { bulk: true } : {}),
    ...(parts.connect === undefined ? {} : { connect: parts.connect }),
    ...(parts.pairs === undefined ? {} : { pairs: parts.pairs }),
  };
}

export function progressOf(lane: Lane): Progress {
  const { twin, state } = lane;
  const comments = [...state.comments.values()].filter(isAlive);
  const attachments = [...state.attachments.values()].filter((attachment) => !attachment.deleted);
  const realized = twin.localIssueId !== null && isDone(plan(settle(state)));
  return {
    applied: realized && lane.requests.length === 0 ? twin.inContent : twin.reportedApplied,
    comments: { done: comments.filter((comment) => comment.localId !== null).length, total: comments.length },
    attachments: {
      done: attachments.filter((attachment) => attachment.localId !== null).length,
      total: attachments.length,
    },
    error: stuckWith(lane),
  };
}

/** The detail of a fault that heals by itself is for the log of this node. */
export function stuckWith({ twin, errorDetail }: Pick<Lane, 'twin' | 'errorDetail'>): Progress['error'] {
  if (twin.errorCode === null || !isFaultCode(twin.errorCode)) return null;
  const { summary, course } = faults[twin.errorCode];
  const detail = course === 'stays' ? errorDetail.slice(0, 1000) : '';
  return { code: twin.errorCode, summary, ...(detail === '' ? {} : { detail }) };
}

/** What the partner should know of our work; a message is due when it changes for a reason that concerns the partner. */
export function progressKey(lane: Lane, progress: Progress): string {
  const { code = '', detail } = progress.error ?? {};
  return [lane.twin.localIssueKey ?? '', progress.applied, code, ...(detail === undefined ? [] : [detail])].join('|');
}
