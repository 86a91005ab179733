/**
 * A lane: the twin that one worker has taken, with everything known of it in memory. All work on a twin is done by the
 * owner of its lane, in order (C6); `fence` makes sure that an owner who was presumed dead cannot write any more.
 */
import { performance } from 'node:perf_hooks';
import type { Connection, Twin } from '#/db/models.ts';
import type { Fault } from '#/engine/fault/faults.ts';
import type { Message } from '#/engine/protocol/messages.ts';
import type { Overwritten, TwinState } from '#/engine/replica/state.ts';
import type { ServiceContext } from '../context.ts';
import { loadTwin } from './load-twin.ts';
import type { TimelineItem } from './save-twin.ts';
import { tuningOf } from './tuning.ts';

export interface Intent {
  kind: 'create_issue' | 'add_comment' | 'upload_attachment' | 'edit_issue' | 'edit_comment';
  /** '' for the issue, else the uid of the comment or attachment; for an edited issue what was edited. */
  subject: string;
  detail: Record<string, unknown>;
  startedAt: Date;
}

export interface StoredMessage {
  /** Row id. */
  id: string;
  message: Message;
  /** When its change was noticed or, where that is not known any more, when it was stored. */
  since: Date;
}

export interface Lane {
  readonly ctx: ServiceContext;
  readonly twinId: string;
  readonly fence: bigint;
  readonly connection: Connection;
  twin: Twin;
  state: TwinState;
  /** The state as the database has it: what differs is written by the next save. */
  saved: TwinState;
  intents: Intent[];
  /** Received and not merged yet, in order. */
  requests: StoredMessage[];
  /** Row ids of requests that have been merged and of events that the partner has stored; the next save removes them. */
  merged: string[];
  acknowledged: string[];
  /** Stored and not acknowledged by the partner yet. */
  event: StoredMessage | null;
  /** Value of `hintedAt` that the last complete read answers; `hintAnswered`: the next save says so. */
  hint: Date | null;
  hintAnswered: boolean;
  timeline: TimelineItem[];
  /** What failed for one file or field alone, by its subject (see set-aside.ts). */
  readonly setAside: Map<string, Fault>;
  /** What only this case of `twin.errorCode` knows. */
  errorDetail: string;
  /** Intent whose write has been answered; the next save ends it. */
  answered: Pick<Intent, 'kind' | 'subject'> | null;
  /** When the partner last heard of our progress (monotonic milliseconds). */
  reportedAt: number;
  /** The partner's node has answered during this turn. */
  heardPartner: boolean;
  readonly lease: Lease;
}

export class LeaseLost extends Error {
  override readonly name = 'LeaseLost';
  constructor() {
    super('The lane was taken over by another worker.');
  }
}

export interface Lease {
  readonly signal: AbortSignal;
  /** Throws when this worker may have been presumed dead; the lane's Jira calls it right before each write. */
  check(): void;
  release(): void;
}

/**
 * Takes the lane and loads its twin; null when another worker has it or nothing is left of it, and for `whenDue` also when
 * nothing is to be done: several wake-up calls of one twin may have been answered by one turn.
 */
export async function takeLane(
  ctx: ServiceContext,
  twinId: string,
  owner: string,
  { whenDue = false } = {},
): Promise<Lane | null> {
  const { leaseMs } = tuningOf(ctx);
  const rows = await ctx.db.$queryRaw<{ fence: bigint }[]>`
    UPDATE twin SET "leaseOwner" = ${owner}, "leaseUntil" = now() + ${leaseMs} * interval '1 millisecond',
      fence = fence + 1, "wakeAt" = NULL
    WHERE id = ${twinId}::uuid AND ("leaseUntil" IS NULL OR "leaseUntil" < now())
      AND (${!whenDue} OR "wakeAt" <= now() OR "leaseUntil" < now())
    RETURNING fence`;
  const fence = rows[0]?.fence;
  if (fence === undefined) return null;
  const lease = keepLease(ctx, twinId, fence);
  // A request may wait long for Jira: whether the lane is still ours counts when it is sent.
  const jira = memo(() => ctx.jira().guarded(() => lease.check()));
  try {
    const loaded = await loadTwin(ctx.db, twinId);
    if (loaded === null) {
      lease.release();
      return null;
    }
    return {
      ctx: { ...ctx, jira },
      twinId,
      fence,
      lease,
      timeline: [],
      setAside: new Map(),
      merged: [],
      acknowledged: [],
      hint: loaded.twin.hintedAt,
      hintAnswered: false,
      answered: null,
      reportedAt: 0,
      heardPartner: false,
      ...loaded,
      saved: loaded.state,
    };
  } catch (error) {
    lease.release();
    throw error;
  }
}

/**
 * Gives the lane back; `wakeAt` is when it is due again, unless something has woken it before, or has hinted at the issue
 * since it was read. Says whether it is due at once.
 */
export async function leaveLane(lane: Lane, wakeAt: Date | null): Promise<boolean> {
  lane.lease.release();
  const rows = await lane.ctx.db.$queryRaw<{ due: boolean | null }[]>`
    UPDATE twin SET "leaseOwner" = NULL, "leaseUntil" = NULL,
      "wakeAt" = LEAST("wakeAt", ${wakeAt}::timestamptz,
        CASE WHEN "hintedAt" IS DISTINCT FROM ${lane.hint}::timestamptz THEN "hintedAt" END),
      priority = CASE WHEN status = 'synchronized' THEN 0 ELSE priority END
    WHERE id = ${lane.twinId}::uuid AND fence = ${lane.fence}
    RETURNING "wakeAt" <= now() AS due`;
  return rows[0]?.due === true;
}

function memo<Value>(make: () => Value): () => Value {
  let made: { value: Value } | null = null;
  return () => (made ??= { value: make() }).value;
}

function keepLease(ctx: ServiceContext, twinId: string, fence: bigint): Lease {
  const { leaseMs } = tuningOf(ctx);
  const lost = new AbortController();
  let renewedAt = performance.now();
  const timer = setInterval(() => {
    const askedAt = performance.now();
    ctx.db.$executeRaw`
      UPDATE twin SET "leaseUntil" = now() + ${leaseMs} * interval '1 millisecond'
      WHERE id = ${twinId}::uuid AND fence = ${fence}`.then(
      (count) => {
        if (count === 0) lost.abort(new LeaseLost());
        else renewedAt = askedAt;
      },
      (error: unknown) => ctx.logger.warn({ err: error, twinId }, 'lease could not be renewed'),
    );
  }, leaseMs / 4);
  return {
    signal: lost.signal,
    check() {
      lost.signal.throwIfAborted();
      if (performance.now() - renewedAt > leaseMs * 0.8) throw new LeaseLost();
    },
    release: () => clearInterval(timer),
  };
}

export function noteOverwritten(lane: Lane, overwritten: readonly Overwritten[]): void {
  for (const { what, uid, side, value, by } of overwritten) {
    lane.timeline.push({
      kind: 'conflict',
      data: { what, uid, lostSide: side === lane.connection.side ? 'local' : 'remote', value, by },
    });
  }
}
