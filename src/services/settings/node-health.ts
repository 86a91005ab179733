import type { ServiceContext } from '../context.ts';
import { signsOfLife } from '../node/worker-beat.ts';

export interface NodeHealth {
  /** `ok` only when sync can go on. */
  status: 'ok' | 'degraded' | 'down';
  /** `full`: it answers, and has no room on its disk to store anything. */
  database: 'ok' | 'full' | 'down';
  /** `ok`, or the code of the fault that pauses work on the own Jira. */
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
    const jira = node?.jiraState ?? 'unknown';
    return {
      status: worker && jira === 'ok' && !databaseFull ? 'ok' : 'degraded',
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
