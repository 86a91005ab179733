import type { ServiceContext } from '../context.ts';
import { ownJira } from '../connection/own-node-info.ts';
import { signsOfLife } from '../node/worker-beat.ts';

export interface NodeHealth {
  /** `ok` only when sync can go on; `not_set_up` when nothing else is missing than the set-up page. */
  status: 'ok' | 'not_set_up' | 'degraded' | 'down';
  /** `full`: it answers, and has no room on its disk to store anything. */
  database: 'ok' | 'full' | 'down';
  /** `ok`, `not_set_up` while none is given, or the code of the fault that pauses work on the own Jira. */
  jira: string;
  worker: 'ok' | 'down' | 'unknown';
  version: string;
}

/** Whether the node works, as its own database knows it; asks no one else. */
export async function nodeHealth(ctx: ServiceContext): Promise<NodeHealth> {
  const { version } = ctx.node;
  try {
    const [node, { worker, databaseFull }] = await Promise.all([
      ctx.db.node.findUnique({ where: { id: 1 }, select: { jiraState: true } }),
      signsOfLife(ctx),
    ]);
    const jira = ownJira(ctx) === null ? 'not_set_up' : (node?.jiraState ?? 'unknown');
    const status = worker && !databaseFull && (jira === 'ok' || jira === 'not_set_up') ? jira : 'degraded';
    return {
      status,
      database: databaseFull ? 'full' : 'ok',
      jira,
      worker: worker ? 'ok' : 'down',
      version,
    };
  } catch (error) {
    ctx.logger.error({ err: error }, 'health check failed');
    return { status: 'down', database: 'down', jira: 'unknown', worker: 'unknown', version };
  }
}
