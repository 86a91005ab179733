import { z } from 'zod';
import { causeOf, errorText, reportedText, type ErrorText } from '#/engine/fault/reported.ts';
import { shownStatus, twinStatusLabels } from '#/engine/twin/status.ts';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import type { Twin } from '#/db/models.ts';
import { remoteProgress } from '../sync/remote-progress.ts';
import type { RemoteProgress } from '../sync/remote-progress.ts';
import { findTwin, localRef, remoteRef } from './find-twin.ts';
import type { IssueRef } from './find-twin.ts';
import { timelineText } from './timeline-text.ts';

export interface SyncStep {
  id: 'read' | 'sent' | 'created' | 'comments' | 'attachments' | 'synchronized';
  label: string;
  state: 'done' | 'active' | 'waiting' | 'failed';
  done: number | null;
  total: number | null;
}

export interface SyncStatus {
  twinId: string;
  connection: { id: string; name: string };
  /** As shown: "In Progress", "Synchronized", … */
  status: string;
  /** Nothing more will happen without a new change: synchronized, ended or in error. */
  finished: boolean;
  local: IssueRef | null;
  remote: IssueRef | null;
  steps: readonly SyncStep[];
  error: { summary: string; why: string; remedy: string } | null;
  lastSyncIn: Date | null;
  lastSyncOut: Date | null;
  timeline: readonly { at: Date; text: string; detail: string | null }[];
}

const timelineLength = 200;

/** Everything that the console shows of one twin. */
export async function syncStatus(ctx: ServiceContext, input: { twinId: string }): Promise<SyncStatus> {
  requireAdmin(ctx);
  const { twinId } = parseInput(z.object({ twinId: z.uuid() }), input);
  const twin = await findTwin(ctx, twinId);
  const timeline = await ctx.db.timelineEntry.findMany({
    where: { twinId },
    orderBy: { id: 'desc' },
    take: timelineLength,
  });
  const error = await ctx.db.syncError.findFirst({
    where: { twinId, resolvedAt: null },
    orderBy: { lastAt: 'desc' },
    select: { code: true, detail: true },
  });
  const remote = remoteProgress(twin);
  const status = shownStatus(twin.status, twin.connection.status === 'active');
  return {
    twinId,
    connection: { id: twin.connection.id, name: twin.connection.name },
    status: twinStatusLabels[status],
    finished: !['in_progress', 'waiting_for_remote'].includes(status),
    local: localRef(ctx, twin),
    remote: remoteRef(twin, twin.connection.partnerJiraUrl),
    steps: steps(twin, remote),
    error: stoppedBy(error, remote),
    lastSyncIn: twin.lastSyncInAt,
    lastSyncOut: twin.lastSyncOutAt,
    timeline: timeline.map((entry) => ({ at: entry.at, ...timelineText(entry.kind, entry.data) })),
  };
}

function stoppedBy(open: { code: string; detail: string } | null, remote: RemoteProgress): SyncStatus['error'] {
  const text = open === null ? null : errorText(open.code);
  if (open !== null && text !== null) return withDetail(text, open.detail);
  const there = remote.error ?? null;
  return there === null ? null : withDetail(reportedText(there), there.detail ?? '');
}

function withDetail(text: ErrorText, detail: string): SyncStatus['error'] {
  return { summary: text.summary, why: causeOf(text, detail), remedy: text.remedy };
}

/** The first sync as the side that began it sees it; the side that received it did its own part instead of the partner's. */
function steps(twin: Twin, remote: RemoteProgress): readonly SyncStep[] {
  const outgoing = twin.exalatedBy !== 'partner';
  const synchronized = twin.status === 'synchronized';
  const read = outgoing ? twin.localReadAt !== null : true;
  const sent = outgoing ? twin.lastSyncOutAt !== null : twin.lastSyncInAt !== null;
  const created = outgoing ? twin.remoteIssueKey !== null : twin.localIssueKey !== null;
  const comments = remote.comments ?? null;
  const attachments = remote.attachments ?? null;
  const facts: readonly (Pick<SyncStep, 'id' | 'label' | 'done' | 'total'> & { reached: boolean })[] = [
    { id: 'read', label: 'Issue read', reached: read, done: null, total: null },
    {
      id: 'sent',
      label: outgoing ? 'Sent to the other side' : 'Received from the other side',
      reached: sent,
      done: null,
      total: null,
    },
    {
      id: 'created',
      label: outgoing ? 'Created over there' : 'Created here',
      reached: created,
      done: null,
      total: null,
    },
    { id: 'comments', label: 'Comments', reached: synchronized || isComplete(comments, created), ...counts(comments) },
    {
      id: 'attachments',
      label: 'Attachments',
      reached: synchronized || isComplete(attachments, created),
      ...counts(attachments),
    },
    { id: 'synchronized', label: 'Synchronized', reached: synchronized, done: null, total: null },
  ];
  const current = facts.findIndex((fact) => !fact.reached);
  return facts.map(({ reached, ...step }, index) => {
    if (reached && (current === -1 || index < current)) return { ...step, state: 'done' as const };
    if (index !== current) return { ...step, state: 'waiting' as const };
    return { ...step, state: twin.status === 'error' ? ('failed' as const) : ('active' as const) };
  });
}

type Counts = { done: number; total: number } | null;

function isComplete(of: Counts, created: boolean): boolean {
  return created && of !== null && of.done >= of.total;
}

function counts(of: Counts): { done: number | null; total: number | null } {
  return { done: of?.done ?? null, total: of?.total ?? null };
}
