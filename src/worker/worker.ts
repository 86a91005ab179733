import { TrackerError } from '#/engine/ports.ts';
import type { ComposedNode } from '#/composition.ts';
import { chores } from '#/services/chores.ts';
import { ownJira } from '#/services/connection/own-node-info.ts';
import { isDatabaseFull, noteDatabaseFull } from '#/services/node/database-full.ts';
import { createHeart } from '#/services/node/worker-beat.ts';
import { watchJira } from '#/services/node/watch-jira.ts';
import { forgetMailPause } from '#/services/notification/send-due-mail.ts';
import { capture } from '#/services/sync/capture.ts';
import { dueLanes, nextDueInMs } from '#/services/sync/due-lanes.ts';
import { createLanePool } from '#/services/sync/lane-pool.ts';
import { runLane } from '#/services/sync/run-lane.ts';
import { holdForCheckIn } from '#/services/connection/check-in.ts';
import { mayWork } from '#/services/node/moved.ts';
import { startPolls } from './polls.ts';
import { startLoop } from './loop.ts';
import type { Loop } from './loop.ts';

/** More than requests that Jira is sent at once (JIRA_CONCURRENCY): a lane also waits for the database and the partner. */
const lanesAtOnce = 64;
/** Kept free of what is found due, so that a change that somebody waits for gets through bulk work. */
const lanesForCalls = 16;
/** The longest that bulk work from the partner waits for a worker with nothing to do; single changes are called at once. */
const lookForDueEveryMs = 400;
const beatEveryMs = 10_000;
const lookForRestoredMs = 2_000;
/** While an admin has not said whether this node was moved or copied. */
const stoppedMs = 1_000;
/** After the disk of the database was found full. */
const restMs = 5_000;

export interface Worker {
  stop(): Promise<void>;
}

export async function startWorker(
  node: ComposedNode,
  options: { owner: string; pollIntervalSeconds: number },
): Promise<Worker> {
  const { ctx, logger, queue } = node;
  const { owner, pollIntervalSeconds } = options;
  let accepting = true;
  const startedAt = performance.now();
  let restingUntil = -Infinity;
  /** No lane begins for a while: on a full disk it would read from Jira what it cannot store, again and again. */
  const restWhenFull = async (error: unknown): Promise<boolean> => {
    if (!isDatabaseFull(error)) return false;
    restingUntil = performance.now() + restMs;
    await noteDatabaseFull(ctx);
    return true;
  };
  const pool = createLanePool({
    limit: lanesAtOnce,
    run: (twinId) => runLane(ctx, twinId, owner),
    onError: async (error, twinId) => {
      if (!(await restWhenFull(error))) logger.error({ err: error, twinId }, 'lane could not be run');
    },
  });
  let lossesSeen = 0;
  const take = async (twinIds: readonly string[]): Promise<void> => {
    // A database cannot be replaced without its connections being lost: no lane begins on an older one (C10).
    const losses = node.databaseLosses();
    if (losses !== lossesSeen) await heart.look();
    lossesSeen = losses;
    if (accepting && performance.now() > restingUntil) await pool.take(twinIds);
  };
  /** `always`: also while an admin has not said yet whether this node was moved or copied (C10). */
  const loop = (name: string, run: () => Promise<number>, always = false): Loop =>
    startLoop(
      async () => (always || (await mayWork(ctx)) ? run() : stoppedMs),
      async (error) => {
        if (await restWhenFull(error)) return;
        if (error instanceof TrackerError) logger.info({ loop: name, fault: error.code }, 'Jira did not answer');
        else logger.error({ err: error, loop: name }, 'loop failed');
      },
    );

  const heart = createHeart(ctx, owner, async () => {
    logger.warn('the database is older than it was: partners are asked what they have seen');
    await holdForCheckIn(ctx);
  });
  await heart.beat();
  if (await mayWork(ctx)) await holdForCheckIn(ctx);
  await forgetMailPause(ctx);
  await queue.work(take);
  const hasJira = ownJira(ctx) !== null;
  const loops = [
    loop(
      'beat',
      async () => {
        await heart.beat();
        return beatEveryMs;
      },
      true,
    ),
    loop('restored', async () => {
      await heart.look();
      return lookForRestoredMs;
    }),
    loop('rescue', async () => {
      const free = lanesAtOnce - lanesForCalls - pool.running;
      if (free > 0) await take(await dueLanes(ctx, free));
      return nextDueInMs(ctx, lookForDueEveryMs);
    }),
    startPolls(ctx),
    ...(hasJira
      ? [
          loop('capture', async () => {
            await watchJira(
              ctx,
              () => capture(ctx),
              (result) => result !== null,
            );
            return pollIntervalSeconds * 1000;
          }),
        ]
      : []),
    ...chores(owner)
      .filter(({ needsJira }) => hasJira || !needsJira)
      .map(({ name, firstAfterMs, turn }) =>
        loop(name, async () => {
          const early = firstAfterMs - (performance.now() - startedAt);
          return early > 0 ? early : turn(ctx);
        }),
      ),
  ];

  return {
    async stop() {
      accepting = false;
      await Promise.all(loops.map((each) => each.stop()));
      await pool.idle();
      await heart.stop();
    },
  };
}
