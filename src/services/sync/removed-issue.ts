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
  const { ctx } = lane;
  await requireProjectVisible(lane, error);
  const recent = await ctx.db.twin.count({
    where: {
      connectionId: lane.connection.id,
      status: 'local_removed',
      endedAt: { gt: new Date(ctx.clock.now() - 600_000) },
    },
  });
  if (recent >= removalsPerTenMinutes) {
    throw new Fault('project_hidden', `${recent} issues under sync became unreadable within ten minutes.`, {
      cause: error,
    });
  }
  await endTwin(lane, 'local_removed');
}
