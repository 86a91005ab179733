/**
 * The slow sweep (C7): finds what Jira changes without touching `updated`, and issues that are gone. It only hints; the lane
 * reads the issue itself, and the brakes of removed issues (C8) hold.
 */
import { shownDifference } from '#/engine/replica/compare.ts';
import type { SearchHit } from '#/engine/ports.ts';
import type { ServiceContext } from '../context.ts';
import { lanesAreBusy } from './due-lanes.ts';
import { hintIssues } from './hints.ts';
import type { LoadedTwin } from './load-twin.ts';
import { exclusively } from './loop-lease.ts';
import { showIssues, twinsAfter } from './twins-in-order.ts';

export interface SweepPace {
  /** One round over all twins takes at least this long. */
  roundMs: number;
  batch: number;
  /** Most twins per minute, however many there are. */
  perMinute: number;
  /** A batch leaves the way to other work for so long, and no longer: on some nodes there always is some. */
  patienceMs: number;
}

export const usualPace: SweepPace = { roundMs: 24 * 3_600_000, batch: 100, perMinute: 600, patienceMs: 10 * 60_000 };

/** Of one batch no more are taken for removed: a project that went out of sight is not read issue by issue. */
const missingAtOnce = 10;
const busyMs = 5_000;

export interface SweepResult {
  checked: number;
  hinted: number;
  /** When the next batch is due. */
  waitMs: number;
}

/** One batch, when it is due and nothing else is to do, or has been for too long; null when another process is at it. */
export async function sweep(ctx: ServiceContext, pace: SweepPace = usualPace): Promise<SweepResult | null> {
  return exclusively(ctx, { name: 'sweep', leaseSeconds: 120 }, () => step(ctx, pace));
}

async function step(ctx: ServiceContext, pace: SweepPace): Promise<SweepResult> {
  const now = ctx.clock.now();
  const { sweepCursor, sweepAt, jiraState } = await ctx.db.node.findUniqueOrThrow({
    where: { id: 1 },
    select: { sweepCursor: true, sweepAt: true, jiraState: true },
  });
  if (sweepCursor === null && sweepAt !== null && sweepAt.getTime() + pace.roundMs > now)
    return { checked: 0, hinted: 0, waitMs: sweepAt.getTime() + pace.roundMs - now };
  if (jiraState !== 'ok' || (await givesWay(ctx, pace))) return { checked: 0, hinted: 0, waitMs: busyMs };
  const twins = await twinsAfter(ctx, sweepCursor, pace.batch);
  const hinted = await hint(ctx, twins, await showIssues(ctx, twins));
  const last = twins.length < pace.batch ? null : (twins.at(-1)?.twin.id ?? null);
  await ctx.db.node.update({
    where: { id: 1 },
    data: { sweepCursor: last, ...(sweepCursor === null ? { sweepAt: new Date(now) } : {}) },
  });
  return { checked: twins.length, hinted, waitMs: last === null ? 0 : await between(ctx, pace) };
}

/** Spreads what there is over the round. */
async function between(ctx: ServiceContext, { roundMs, batch, perMinute }: SweepPace): Promise<number> {
  const total = await ctx.db.twin.count({ where: { endedAt: null } });
  return Math.max((roundMs * batch) / Math.max(total, batch), (60_000 * batch) / perMinute);
}

/** Since when a batch waits for other work to end, by the node's database. */
const waitingSince = new WeakMap<ServiceContext['db'], number>();

async function givesWay(ctx: ServiceContext, { patienceMs }: SweepPace): Promise<boolean> {
  const now = performance.now();
  const since = waitingSince.get(ctx.db) ?? now;
  waitingSince.delete(ctx.db);
  if (now - since >= patienceMs || !(await lanesAreBusy(ctx))) return false;
  waitingSince.set(ctx.db, since);
  return true;
}

async function hint(
  ctx: ServiceContext,
  twins: readonly LoadedTwin[],
  shown: ReadonlyMap<string, SearchHit>,
): Promise<number> {
  const changed: string[] = [];
  const missing: string[] = [];
  for (const { twin, state } of twins) {
    if (twin.localIssueId === null || twin.hintedAt !== null || twin.localReadAt === null) continue;
    const hit = shown.get(twin.localIssueId);
    if (hit === undefined) missing.push(twin.localIssueId);
    else if (
      movedInTime(hit, twin.localUpdatedAt) ||
      (hit.content !== null && shownDifference(state, hit.content) !== null)
    )
      changed.push(twin.localIssueId);
  }
  return hintIssues(ctx, [...changed, ...missing.slice(0, missingAtOnce)]);
}

/** Also backwards, as after a restore of Jira, which no poll for newer changes would find. */
function movedInTime(hit: SearchHit, known: Date | null): boolean {
  return Math.floor(hit.updatedMs / 1000) !== Math.floor((known?.getTime() ?? 0) / 1000);
}
