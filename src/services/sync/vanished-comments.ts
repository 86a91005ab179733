/**
 * Comments that the issue does not show any more. A comment that was deleted is deleted on the other side as well (A8); one
 * that the proxy user may merely not see, because it was restricted or a role was withdrawn, is not (C8).
 */
import { Fault } from '#/engine/fault/faults.ts';
import type { TrackerIssue } from '#/engine/ports.ts';
import type { Lane } from './lane.ts';

const spanMs = 600_000;
/** Comments of more issues than this that vanish within the span in one connection are taken for a loss of sight. */
const issuesPerSpan = 100;

/**
 * The ids of those that are out of sight, each by Jira's own word. Throws `comments_vanished` where too many issues of the
 * connection have lost comments; nothing has been taken in then.
 */
export async function hiddenComments(lane: Lane, issue: TrackerIssue): Promise<ReadonlySet<string>> {
  const { twin, state } = lane;
  const shown = new Set(issue.comments.map(({ id }) => id));
  // A deletion moves the issue's time of change: without that, what was hidden still is.
  const untouched = twin.localUpdatedAt?.getTime() === issue.updatedMs;
  const hidden = new Set<string>();
  let [newlyHidden, removed] = [0, 0];
  for (const entry of state.comments.values()) {
    if (entry.localId === null || shown.has(entry.localId)) continue;
    if ((entry.hidden && untouched) || (await lane.ctx.jira().commentExists(entry.localId))) {
      hidden.add(entry.localId);
      if (!entry.hidden) newlyHidden += 1;
    } else removed += 1;
  }
  if (removed > 0) {
    await brake(lane);
    lane.timeline.push({ kind: 'comments_removed', data: { comments: removed } });
  }
  if (newlyHidden > 0) lane.timeline.push({ kind: 'comments_hidden', data: { comments: newlyHidden } });
  return hidden;
}

/** Counted since the connection was activated: an admin who has looked lets as many pass again. */
async function brake({ ctx, connection }: Lane): Promise<void> {
  const since = new Date(Math.max(ctx.clock.now() - spanMs, connection.statusSince.getTime()));
  const twins = await ctx.db.timelineEntry.findMany({
    where: { kind: 'comments_removed', at: { gte: since }, twin: { connectionId: connection.id } },
    distinct: ['twinId'],
    select: { twinId: true },
  });
  if (twins.length >= issuesPerSpan)
    throw new Fault('comments_vanished', `${twins.length} issues under sync have lost comments within ten minutes.`);
}
