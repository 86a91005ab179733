/**
 * The local issue cannot be found any more. Deleting an issue ends the sync of its pair and never deletes the twin (A12);
 * but a project that went out of sight must not look like a mass deletion (C8).
 */
import { Fault } from '#/engine/fault/faults.ts';
import type { TrackerError } from '#/engine/ports.ts';
import { endTwin } from './end-twin.ts';
import type { Lane } from './lane.ts';

/** More removals than this within ten minutes in one connection are taken for a loss of sight. */
const removalsPerTenMinutes = 20;

/** An issue that may not be read is one issue's error, unless its whole project may not be seen: Jira says 403 to both. */
export async function requireProjectVisible(lane: Lane, error: TrackerError): Promise<void> {
  const tracker = lane.ctx.jira();
  await tracker.myself();
  const projectKey = lane.twin.localProjectKey;
  const projects = await tracker.projects();
  if (projectKey !== null && !projects.some((project) => project.key === projectKey)) {
    throw new Fault('project_hidden', `Project ${projectKey} is not visible to the proxy user.`, { cause: error });
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
