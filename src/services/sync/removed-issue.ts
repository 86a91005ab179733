/**
 * The local issue cannot be found any more. Deleting an issue ends the sync of its pair and never deletes the twin (A12);
 * but a project that went out of sight must not look like a mass deletion (C8).
 */
import { Fault } from '#/engine/fault/faults.ts';
import type { TrackerError } from '#/engine/ports.ts';
import { followProjectKey } from '../connection/follow-project-key.ts';
import { endTwin } from './end-twin.ts';
import type { Lane } from './lane.ts';

/** More removals than this within ten minutes in one connection are taken for a loss of sight. */
const removalsPerTenMinutes = 20;

/**
 * An issue that may not be read is one issue's error, unless the connection's whole project may not be seen: Jira says 403 to
 * both. One that is in another project by now, or always was, stops nobody else.
 */
export async function requireProjectVisible(lane: Lane, error: TrackerError): Promise<void> {
  const { ctx, connection, twin } = lane;
  const tracker = ctx.jira();
  await tracker.myself();
  const projects = await tracker.projects();
  const own = projects.find(({ id }) => id === connection.projectId);
  const elsewhere = twin.localProjectKey === connection.projectKey ? null : twin.localProjectKey;
  if (own !== undefined) await followProjectKey(ctx, connection, own.key);
  if (elsewhere === null && own === undefined) {
    throw new Fault('project_hidden', `Project ${connection.projectKey} is not visible to the proxy user.`, {
      cause: error,
    });
  }
  if (elsewhere !== null && !projects.some(({ key }) => key === elsewhere)) {
    const detail = `${twin.localIssueKey ?? 'It'} is in project ${elsewhere}, which is not visible to the proxy user.`;
    throw new Fault('issue_not_found', detail, { cause: error });
  }
}

export async function endBecauseRemoved(lane: Lane, error: TrackerError): Promise<void> {
  await requireProjectVisible(lane, error);
  const before = await countRemoval(lane);
  if (before >= removalsPerTenMinutes) {
    throw new Fault('project_hidden', `${before} issues under sync became unreadable within ten minutes.`, {
      cause: error,
    });
  }
  await endTwin(lane, 'local_removed');
}

/**
 * How many pairs were ended like this lately; below the limit this one is counted with them, which many lanes at once do one
 * after the other. If it is not ended after all, because its worker dies now, its next turn puts its status right.
 */
async function countRemoval({ ctx, connection, twinId, fence }: Lane): Promise<number> {
  const since = new Date(ctx.clock.now() - 600_000);
  const [, rows] = await ctx.db.$transaction([
    ctx.db.$queryRaw`SELECT id FROM connection WHERE id = ${connection.id}::uuid FOR NO KEY UPDATE`,
    ctx.db.$queryRaw<{ count: number }[]>`
      WITH recent AS (
        SELECT count(*)::int AS count FROM twin
        WHERE "connectionId" = ${connection.id}::uuid AND status = 'local_removed' AND id <> ${twinId}::uuid
          AND ("endedAt" IS NULL OR "endedAt" > ${since}::timestamptz)
      ), counted AS (
        UPDATE twin SET status = 'local_removed' FROM recent
        WHERE id = ${twinId}::uuid AND fence = ${fence} AND recent.count < ${removalsPerTenMinutes}
      )
      SELECT count FROM recent`,
  ]);
  return rows[0]?.count ?? 0;
}
