import type { ServiceContext } from '../context.ts';
import { workerAlive } from '../node/worker-beat.ts';

export interface NodeHealth {
  /** `ok` only when sync can go on. */
  status: 'ok' | 'degraded' | 'down';
  database: 'ok' | 'down';
  /** `ok`, or the code of the fault that pauses work on the own Jira. */
  jira: string;
  worker: 'ok' | 'down' | 'unknown';
  version: string;
}

/** Whether the node works, as its own database knows it; asks no one else. */
export async function nodeHealth(ctx: ServiceContext): Promise<NodeHealth> {
  const { version } = ctx.node;
  try {
    const [node, alive] = await Promise.all([
      ctx.db.node.findUnique({ where: { id: 1 }, select: { jiraState: true } }),
      workerAlive(ctx),
    ]);
    const jira = node?.jiraState ?? 'unknown';
    return {
      status: alive && jira === 'ok' ? 'ok' : 'degraded',
      database: 'ok',
      jira,
      worker: alive ? 'ok' : 'down',
      version,
    };
  } catch (error) {
    ctx.logger.error({ err: error }, 'health check failed');
    return { status: 'down', database: 'down', jira: 'unknown', worker: 'unknown', version };
  }
}
