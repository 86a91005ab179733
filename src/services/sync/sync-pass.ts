import { TrackerError } from '#/engine/ports.ts';
import { type Chore, chores } from '../chores.ts';
import { ownJira } from '../connection/own-node-info.ts';
import type { ServiceContext } from '../context.ts';
import { isDatabaseFull, noteDatabaseFull } from '../node/database-full.ts';
import { mayWork } from '../node/moved.ts';
import { watchJira } from '../node/watch-jira.ts';
import { capture } from './capture.ts';
import { dueLanes } from './due-lanes.ts';
import { createLanePool } from './lane-pool.ts';
import { runLane } from './run-lane.ts';
import type { LaneOutcome } from './run-lane.ts';

export interface SyncPassCounts {
  /** Issues that polling found changed. */
  changed: number;
  /** Lanes worked on in this pass, by outcome. */
  lanes: Record<LaneOutcome, number>;
  /** Lanes still due when the pass ended. */
  remaining: number;
}

const lanesAtOnce = 8;
const passMs = 25_000;
/** A chore that is worth while again so soon has work left. */
const goesOnMs = 250;
/** And one that is worth while within this time may have some once lanes have run. */
const mayGoOnMs = 1_000;

/**
 * One pass of everything that is due: changes in Jira, lanes, and all chores; ends when nothing is left, or after 25 s. Safe
 * at any time, also at once from several places: a lane has one owner, so a pass that meets another's work counts it as busy
 * and goes on. What fails is logged, and tried again by the next pass; a full disk ends this one with PostgreSQL's error.
 */
export async function syncPass(ctx: ServiceContext): Promise<SyncPassCounts> {
  const lanes: Record<LaneOutcome, number> = { done: 0, later: 0, failed: 0, busy: 0 };
  if (!(await mayWork(ctx))) return { changed: 0, lanes, remaining: 0 };
  const until = ctx.clock.now() + passMs;
  const owner = `pass-${ctx.ids.uuid()}`;
  const hasJira = ownJira(ctx) !== null;
  const polled = hasJira
    ? await watchJira(
        ctx,
        () => capture(ctx),
        (result) => result !== null,
      )
    : null;

  let open = chores(owner).filter(({ needsJira }) => hasJira || !needsJira);
  for (let worked = true; worked && ctx.clock.now() < until;) {
    const turns: { chore: Chore; againMs: number }[] = [];
    for (const chore of open) turns.push({ chore, againMs: await takeTurn(ctx, chore) });
    const ran = await runDueLanes(ctx, { until, lanes });
    open = turns.filter(({ againMs }) => againMs <= mayGoOnMs).map(({ chore }) => chore);
    worked = ran || turns.some(({ againMs }) => againMs <= goesOnMs);
  }
  return { changed: polled?.hinted ?? 0, lanes, remaining: (await dueLanes(ctx, 1000)).length };
}

async function takeTurn(ctx: ServiceContext, { name, turn }: Chore): Promise<number> {
  try {
    return await turn(ctx);
  } catch (error) {
    if (isDatabaseFull(error)) return endOnFullDisk(ctx, error);
    if (error instanceof TrackerError) ctx.logger.info({ chore: name, fault: error.code }, 'Jira did not answer');
    else ctx.logger.error({ err: error, chore: name }, 'chore failed');
    return Infinity;
  }
}

/** Each due lane once; whether there was any. */
async function runDueLanes(
  ctx: ServiceContext,
  { until, lanes }: { until: number; lanes: SyncPassCounts['lanes'] },
): Promise<boolean> {
  const tried = new Set<string>();
  let full: unknown = null;
  const pool = createLanePool({
    limit: lanesAtOnce,
    run: async (twinId) => {
      if (full === null) lanes[await runLane(ctx, twinId, `pass-${ctx.ids.uuid()}`)] += 1;
    },
    onError: (error, twinId) => {
      lanes.failed += 1;
      if (isDatabaseFull(error)) full = error;
      else ctx.logger.error({ err: error, twinId }, 'lane could not be run');
    },
  });
  while (full === null && ctx.clock.now() < until) {
    const due = (await dueLanes(ctx, 200)).filter((id) => !tried.has(id));
    if (due.length === 0) break;
    for (const id of due) tried.add(id);
    await pool.take(due);
    await pool.idle();
  }
  if (full !== null) return endOnFullDisk(ctx, full);
  return tried.size > 0;
}

async function endOnFullDisk(ctx: ServiceContext, error: unknown): Promise<never> {
  await noteDatabaseFull(ctx);
  throw error;
}
