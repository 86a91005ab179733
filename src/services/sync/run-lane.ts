/** One turn of a lane: everything that is due for one twin, in order, and what to do when a step fails (C6, C9). */
import { backoffMs } from '#/kernel/backoff.ts';
import { faults } from '#/engine/fault/faults.ts';
import { isEmptyDelta, unsentDelta } from '#/engine/replica/delta.ts';
import { isDone, plan, settle } from '#/engine/replica/plan.ts';
import { twinStatus } from '#/engine/twin/status.ts';
import type { ServiceContext } from '../context.ts';
import { PeerError } from '../peer-channel.ts';
import { clearFaults, recordFault } from '../error/record-fault.ts';
import { awaitsParts } from '../twin/connect-lane.ts';
import { isDatabaseFull } from '../node/database-full.ts';
import { noteLastSync, partnerAnswered, partnerFailed, partnerPaused } from '../connection/partner-health.ts';
import { carryOut } from './carry-out.ts';
import { writtenAtCreation } from './create-issue.ts';
import { deliver, parentLink } from './deliver.ts';
import type { ParentLink } from './deliver.ts';
import { settleIntents } from './evidence.ts';
import { isExalated } from './exalated.ts';
import { LeaseLost, leaveLane, takeLane } from './lane.ts';
import type { Lane } from './lane.ts';
import { laneFault } from './lane-fault.ts';
import { Later } from './later.ts';
import { look } from './look.ts';
import { mergeRequests } from './merge-requests.ts';
import { hasRemoteError, remoteProgress } from './remote-progress.ts';
import { noteReported } from './reported-error.ts';
import { isUnsaved, saveLane } from './save-twin.ts';
import { remaining, SetAside } from './set-aside.ts';
import { takeSpecialRequests } from './special-requests.ts';
import { Crash } from './tuning.ts';

export type LaneOutcome = 'done' | 'later' | 'failed' | 'busy';

const retryBaseMs = 1_000;
const retryMaxMs = 60_000;
/** What fails for one issue only may go on failing for days, with many issues at once. */
const issueRetryMaxMs = 300_000;
const roundsMax = 4;
const turnsMax = 4;
/** How soon a lane looks again whether its connection may work (C10). */
const heldMs = 1_000;
const forgetEveryMs = 500;

/** Runs the lane until nothing is due any more; what keeps becoming due is left for later calls, so that others get their turn. */
export async function runLane(ctx: ServiceContext, twinId: string, owner: string): Promise<LaneOutcome> {
  let result: TurnResult = { outcome: 'busy', due: false };
  for (let turns = 0; turns === 0 || (result.due && turns < turnsMax); turns += 1)
    result = await measured(ctx, () => turn(ctx, twinId, owner));
  return result.outcome;
}

async function measured(ctx: ServiceContext, run: () => Promise<TurnResult>): Promise<TurnResult> {
  const startedAt = performance.now();
  const result = await run();
  ctx.meter?.observe('lane', { outcome: result.outcome }, performance.now() - startedAt);
  return result;
}

interface TurnResult {
  outcome: LaneOutcome;
  /** Something came up during the turn. */
  due: boolean;
}

async function turn(ctx: ServiceContext, twinId: string, owner: string): Promise<TurnResult> {
  const lane = await takeLane(ctx, twinId, owner, { whenDue: true });
  if (lane === null) return { outcome: 'busy', due: false };
  let wakeAt: Date | null = null;
  let outcome: LaneOutcome = 'done';
  let due: boolean;
  try {
    try {
      await work(lane);
    } catch (error) {
      if (error instanceof Crash) throw error;
      if (error instanceof LeaseLost) {
        ctx.logger.warn({ twinId }, 'lane was taken over');
        return { outcome: 'busy', due: false };
      }
      ({ outcome, wakeAt } = await afterFailure(lane, error));
    }
    due = await leaveLane(lane, wakeAt);
  } finally {
    // Whatever happens: a lease that is renewed by nobody's work would keep the lane closed for ever.
    lane.lease.release();
  }
  await ctx.wake.pages({ kind: 'twin', id: twinId });
  return { outcome, due };
}

async function work(lane: Lane): Promise<void> {
  const { connection, twin } = lane;
  const failedBefore = twin.attempts > 0;
  if (connection.status !== 'active') {
    if (twin.endedAt === null) {
      twin.status = statusOf(lane);
      await saveLane(lane);
    }
    return;
  }
  forgetOldAnswers(lane);
  if (connection.hold !== null) throw new Later(new Date(lane.ctx.clock.now() + heldMs), `held: ${connection.hold}`);
  if (awaitsParts(lane)) return;
  await settleIntents(lane);
  await waitForEarlierPair(lane);
  await takeSpecialRequests(lane);
  await mergeRequests(lane);
  if (twin.endedAt === null) {
    const parent = await lookWhenDue(lane);
    await carryOutAll(lane);
    await deliver(lane, parent);
    if (twin.endedAt === null && lane.setAside.size === 0) await finish(lane);
  } else {
    await deliver(lane, null);
    await noteReported(lane, remoteProgress(twin));
    if (await forgetFailures(lane)) await saveLane(lane);
  }
  if (isUnsaved(lane)) await saveLane(lane);
  const succeeded = twin.endedAt !== null || lane.setAside.size === 0;
  if (lane.heardPartner) await partnerAnswered(lane.ctx, connection, { failedBefore: failedBefore && succeeded });
  await noteLastSync(lane.ctx, connection, twin);
  if (!succeeded) throw new SetAside(lane.setAside.values());
}

/**
 * An issue can come under sync again while the pair that ended has a write under way. What that leaves must be there before the
 * issue is read for the first time, or both pairs would write it.
 */
async function waitForEarlierPair({ ctx, twin, connection }: Lane): Promise<void> {
  if (twin.localIssueId === null || twin.localReadAt !== null) return;
  const [row] = await ctx.db.$queryRaw<{ busy: boolean }[]>`
    WITH earlier AS (
      SELECT t.id, t."leaseUntil" FROM twin t JOIN connection c ON c.id = t."connectionId"
      WHERE t."localIssueId" = ${twin.localIssueId} AND t.id <> ${twin.id}::uuid AND t."endedAt" IS NOT NULL
        AND c.uid = ${connection.uid}::uuid
        AND (t."leaseUntil" IS NOT NULL OR EXISTS (SELECT FROM write_intent i WHERE i."twinId" = t.id))
    ), woken AS (
      UPDATE twin SET "wakeAt" = LEAST(twin."wakeAt", now()) FROM earlier
      WHERE twin.id = earlier.id AND earlier."leaseUntil" IS NULL
    )
    SELECT EXISTS (SELECT FROM earlier) AS busy`;
  if (row?.busy === true)
    throw new Later(new Date(ctx.clock.now() + heldMs), 'the earlier pair of this issue still writes');
}

const forgottenAt = new WeakMap<ServiceContext['db'], number>();

/**
 * What stopped this twin may have been put right in Jira since, and the retry is asked for in another process than the one
 * that remembers Jira's answers. Many twins that are retried at once ask anew once.
 */
function forgetOldAnswers({ ctx, twin }: Lane): void {
  if (twin.errorCode === null) return;
  const now = performance.now();
  if (now - (forgottenAt.get(ctx.db) ?? -Infinity) < forgetEveryMs) return;
  forgottenAt.set(ctx.db, now);
  ctx.jira().forgetCaches();
}

/** An edit that came between our read and our write is merged back in, which may ask for another write (C5). */
async function carryOutAll(lane: Lane): Promise<void> {
  for (let round = 0; round < roundsMax; round += 1) {
    if (lane.twin.endedAt !== null) return;
    await carryOut(lane);
    if (isDone(remaining(lane))) return;
  }
  throw new Later(new Date(lane.ctx.clock.now() + retryBaseMs), 'the issue is being edited all the time');
}

async function lookWhenDue(lane: Lane): Promise<ParentLink | null> {
  const { twin } = lane;
  const due = twin.localIssueId !== null && (twin.localReadAt === null || twin.hintedAt !== null);
  if (!due) return null;
  const made = twin.localReadAt === null && twin.exalatedBy === 'partner';
  const issue = await look(lane, made ? writtenAtCreation(lane) : undefined);
  const first = twin.outNumber === 0 && twin.exalatedBy !== 'partner';
  return issue !== null && first ? parentLink(lane, issue) : null;
}

async function finish(lane: Lane): Promise<void> {
  const { twin } = lane;
  const before = twin.status;
  const failed = await forgetFailures(lane);
  twin.status = statusOf(lane);
  if (failed) await deliver(lane, null);
  if (failed || before !== twin.status || isUnsaved(lane)) await saveLane(lane);
}

/** Whether there had been failures; the caller saves the lane then. */
async function forgetFailures(lane: Lane): Promise<boolean> {
  const { twin } = lane;
  const failed = twin.errorCode !== null || twin.attempts > 0;
  twin.errorCode = null;
  twin.attempts = 0;
  if (failed) await clearFaults(lane.ctx, { twinId: twin.id });
  return failed;
}

function statusOf(lane: Lane): Lane['twin']['status'] {
  const { twin, state, connection } = lane;
  return twinStatus({
    ended: null,
    connectionPaused: connection.status !== 'active',
    error: twin.errorCode !== null,
    remoteError: hasRemoteError(twin),
    realized: twin.localIssueId !== null && isDone(plan(settle(state))),
    sent: isExalated(twin) && lane.event === null && twin.connect === null && isEmptyDelta(unsentDelta(state)),
    remoteApplied: twin.remoteApplied >= twin.outContent,
  });
}

async function afterFailure(lane: Lane, error: unknown): Promise<{ outcome: LaneOutcome; wakeAt: Date | null }> {
  const { ctx, twin, connection } = lane;
  if (error instanceof Later) {
    if (twin.endedAt === null) twin.status = statusOf(lane);
    await saveQuietly(lane);
    return { outcome: 'later', wakeAt: error.at };
  }
  if (error instanceof PeerError && error.code === 'deactivated') {
    const wakeAt = await partnerPaused(ctx, connection);
    if (twin.endedAt === null) twin.status = 'paused';
    await saveQuietly(lane);
    return { outcome: 'later', wakeAt };
  }
  // Neither the failure nor what was learnt before can be stored; the lane starts again from the database.
  if (isDatabaseFull(error)) throw error;
  const found: SetAside['faults'] = error instanceof SetAside ? error.faults : [await laneFault(lane, error)];
  const [fault] = found;
  const { impact, course } = faults[fault.code];
  ctx.logger.warn({ err: error, twinId: twin.id, fault: fault.code }, 'lane stopped');
  twin.attempts += 1;
  if (impact === 'issue') {
    twin.errorCode = fault.code;
    lane.errorDetail = fault.detail;
  }
  if (twin.endedAt === null) twin.status = statusOf(lane);
  const marked = await (fault.code === 'internal' ? noteFailure(lane) : saveQuietly(lane));
  if (impact === 'connection') await partnerFailed(ctx, connection, fault);
  const maxMs = impact === 'issue' && fault.code !== 'internal' ? issueRetryMaxMs : retryMaxMs;
  const pauseMs = backoffMs(twin.attempts, { baseMs: retryBaseMs, maxMs }, Math.random);
  const again = {
    outcome: 'failed' as const,
    wakeAt: new Date(ctx.clock.now() + Math.max(pauseMs, fault.retryAfterMs ?? 0)),
  };
  // The success that resolves an error looks for the mark: without one it would stay open for ever.
  if (impact === 'issue' && !marked) return again;
  if (error instanceof SetAside) await clearFaults(ctx, { twinId: twin.id, except: found.map(({ code }) => code) });
  for (const one of found)
    await recordFault(ctx, one, {
      ...(impact === 'issue' ? { twinId: twin.id, fence: lane.fence } : { twinId: null }),
      connectionId: impact === 'node' ? null : connection.id,
    });
  // After `internal` the lane's memory is not trusted.
  if (impact === 'issue' && fault.code !== 'internal') await reportFailure(lane);
  return course === 'stays' ? { outcome: 'failed', wakeAt: null } : again;
}

/** The partner's screen shows it too. What it has stored must not wait in the queue here until the next turn. */
async function reportFailure(lane: Lane): Promise<void> {
  try {
    await deliver(lane, null);
    if (isUnsaved(lane)) await saveLane(lane);
  } catch (error) {
    lane.ctx.logger.debug({ err: error }, 'error could not be reported');
  }
}

/**
 * After a failure that nobody foresaw, such as a lost database connection, nothing in memory is trusted: a message may be
 * counted as built and not be stored, or stored without our knowing. The lane starts again from the database.
 */
async function noteFailure({ ctx, twinId, fence, twin }: Lane): Promise<boolean> {
  const count = await ctx.db.$executeRaw`
    UPDATE twin SET attempts = ${twin.attempts}, "errorCode" = ${twin.errorCode},
      status = CASE WHEN "endedAt" IS NULL THEN 'error'::twin_status ELSE status END
    WHERE id = ${twinId}::uuid AND fence = ${fence}`;
  return count > 0;
}

/** What was learnt before the failure is kept; when even that fails, the lane starts again from what was stored before. */
async function saveQuietly(lane: Lane): Promise<boolean> {
  try {
    await saveLane(lane);
    return true;
  } catch (error) {
    lane.ctx.logger.warn({ err: error, twinId: lane.twinId }, 'state could not be saved after a failure');
    return false;
  }
}
