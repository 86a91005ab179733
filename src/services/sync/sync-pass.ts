import type { ServiceContext } from '../context.ts';
import { deletionStep } from '../connection/delete-connection.ts';
import { mayWork } from '../node/moved.ts';
import { sendDueMail } from '../notification/send-due-mail.ts';
import { watchJira } from '../node/watch-jira.ts';
import { bulkStep } from '../bulk/bulk-step.ts';
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
const bulkStepsMost = 20;

/**
 * One pass of everything that is due. Safe at any time, also at once from several places: a lane has one owner, so a pass
 * that meets another's work counts it as busy and goes on.
 */
export async function syncPass(ctx: ServiceContext): Promise<SyncPassCounts> {
  const until = ctx.clock.now() + passMs;
  const lanes: Record<LaneOutcome, number> = { done: 0, later: 0, failed: 0, busy: 0 };
  if (!(await mayWork(ctx))) return { changed: 0, lanes, remaining: 0 };
  const polled = await watchJira(
    ctx,
    () => capture(ctx),
    (result) => result !== null,
  );
  const owner = `pass-${ctx.ids.uuid()}`;
  for (let steps = 0; steps < bulkStepsMost && (await bulkStep(ctx, owner));) steps += 1;
  const tried = new Set<string>();
  const pool = createLanePool(async (twinId) => {
    lanes[await runLane(ctx, twinId, `pass-${ctx.ids.uuid()}`)] += 1;
  }, lanesAtOnce);
  while (ctx.clock.now() < until) {
    const due = (await dueLanes(ctx, 200)).filter((id) => !tried.has(id));
    if (due.length === 0) break;
    for (const id of due) tried.add(id);
    await pool.take(due);
    await pool.idle();
  }
  while (ctx.clock.now() < until && (await deletionStep(ctx)));
  await sendDueMail(ctx);
  const remaining = (await dueLanes(ctx, 1000)).length;
  return { changed: polled?.hinted ?? 0, lanes, remaining };
}
