import type { Connection, ServiceContext } from '../context.ts';

/**
 * The connection's project has another key in Jira now; its id stays. Noted for all connections of the project and for what is
 * known of its issues, so that two keys are those of one project only if they are equal.
 */
export async function followProjectKey(ctx: ServiceContext, connection: Connection, key: string): Promise<void> {
  const { projectId, projectKey: before } = connection;
  if (key === before) return;
  connection.projectKey = key;
  await ctx.db.$transaction([
    ctx.db.connection.updateMany({ where: { projectId, projectKey: before }, data: { projectKey: key } }),
    ctx.db.twin.updateMany({
      where: { localProjectKey: before, connection: { projectId } },
      data: { localProjectKey: key },
    }),
  ]);
  ctx.logger.info({ projectId, before, key }, 'the project has another key');
  await ctx.wake.pages({ kind: 'connection', id: connection.id });
}
