/**
 * Triggers (B4): issues that were created or changed since the last poll and match a query come under sync. Each trigger
 * remembers up to where it has looked, so that one that failed, or whose connection was off, catches up. While a poll sees
 * nothing new no trigger asks Jira anything.
 */
import { walkStart } from '#/engine/bulk/walk.ts';
import { trackerFault } from '#/engine/fault/tracker-fault.ts';
import { jqlMinute } from '#/engine/jql.ts';
import { TrackerError } from '#/engine/ports.ts';
import type { SearchHit } from '#/engine/ports.ts';
import type { PollWindow } from '#/engine/trigger/poll-window.ts';
import type { ServiceContext } from '../context.ts';
import { beginTwins, bulkPriority } from '../twin/begin-twins.ts';
import { walkMatches } from '../bulk/walk-matches.ts';
import { neverUnderSync } from './never-under-sync.ts';
import { clearTriggerFault, recordTriggerFault } from './trigger-errors.ts';

interface DueTrigger {
  id: string;
  jql: string;
  connectionId: string;
  connectionUid: string;
  activeSince: Date;
  checkedUntil: Date | null;
}

const retryMs = 60_000;
/** A trigger that starts more at once than a person does is bulk work. */
const bulkFrom = 50;

export async function runTriggers(ctx: ServiceContext, poll: PollWindow): Promise<void> {
  const due = await ctx.db.$queryRaw<DueTrigger[]>`
    SELECT t.id, t.jql, t."connectionId", c.uid AS "connectionUid", t."activeSince", t."checkedUntil"
    FROM sync_trigger t JOIN connection c ON c.id = t."connectionId"
    WHERE t.active AND c.status = 'active' AND t."checkedWindow" IS DISTINCT FROM ${poll.fingerprint}
      AND (t."retryAt" IS NULL OR t."retryAt" <= now())
    ORDER BY t."createdAt"`;
  for (const trigger of due) await runGuarded(ctx, trigger, poll);
}

/** A query that Jira refuses stops its trigger and no other; when Jira itself fails, the poll as a whole comes again. */
async function runGuarded(ctx: ServiceContext, trigger: DueTrigger, poll: PollWindow): Promise<void> {
  try {
    const complete = await runTrigger(ctx, trigger, poll);
    await ctx.db.$executeRaw`
      UPDATE sync_trigger SET "retryAt" = NULL,
        "checkedUntil" = CASE WHEN ${complete} THEN ${new Date(poll.newestMs)}::timestamptz ELSE "checkedUntil" END,
        "checkedWindow" = CASE WHEN ${complete} THEN ${poll.fingerprint} END
      WHERE id = ${trigger.id}::uuid AND jql = ${trigger.jql} AND "activeSince" = ${trigger.activeSince}::timestamptz`;
    if (await clearTriggerFault(ctx.db, trigger.id, 'sync')) await ctx.wake.pages({ kind: 'node' });
  } catch (error) {
    if (!(error instanceof TrackerError) || (error.code !== 'invalid' && error.code !== 'forbidden')) throw error;
    await recordTriggerFault(ctx, trigger, trackerFault(error, 'evaluating a trigger'));
    await ctx.db.trigger.updateMany({
      where: { id: trigger.id },
      data: { retryAt: new Date(ctx.clock.now() + retryMs) },
    });
  }
}

/** False when something that matches had to be left for the next poll. */
async function runTrigger(ctx: ServiceContext, trigger: DueTrigger, poll: PollWindow): Promise<boolean> {
  const overlapMs = poll.newestMs - poll.sinceMs;
  const checked = trigger.checkedUntil?.getTime() ?? poll.sinceMs;
  const sinceMs = Math.min(poll.sinceMs, checked - overlapMs, checked);
  const extra = `updated >= "${jqlMinute(Math.min(sinceMs, poll.newestMs), poll.zone)}"`;
  let complete = true;
  for (let cursor = walkStart; ;) {
    const page = await walkMatches(ctx, { jql: trigger.jql, stored: cursor, extra });
    const changed = page.hits.filter((hit) => hit.updatedMs + 999 >= trigger.activeSince.getTime());
    complete = (await begin(ctx, trigger, changed)) && complete;
    if (page.next === null) return complete;
    cursor = page.next;
  }
}

async function begin(ctx: ServiceContext, trigger: DueTrigger, hits: readonly SearchHit[]): Promise<boolean> {
  const issues = await neverUnderSync(ctx, trigger.connectionUid, hits);
  const connection = { id: trigger.connectionId, uid: trigger.connectionUid };
  const begun = await beginTwins(ctx, connection, issues, {
    by: `trigger: ${trigger.jql}`.slice(0, 200),
    priority: issues.length >= bulkFrom ? bulkPriority : 0,
  });
  const started = [...begun.values()].flatMap((one) => (one.kind === 'started' ? [one.twinId] : []));
  if (started.length > 0) {
    if (started.length < bulkFrom) await ctx.wake.twins(started);
    await ctx.wake.pages({ kind: 'connection', id: trigger.connectionId });
  }
  return [...begun.values()].every((one) => one.kind === 'started' || one.kind === 'already');
}
