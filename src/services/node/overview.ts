import { faults, type FaultText } from '#/engine/fault/faults.ts';
import type { ServiceContext } from '../context.ts';
import { ownJira } from '../connection/own-node-info.ts';
import type { NodeMove } from './moved.ts';
import { signsOfLife } from './worker-beat.ts';

export interface NodeOverview {
  name: string;
  exalateUrl: string;
  jiraUrl: string | null;
  /** 'ok' or the code of the fault that pauses work on the own Jira. */
  jiraState: string;
  jiraDetail: string | null;
  worker: boolean;
  /** What an admin reads while the disk of the database is full; null otherwise. */
  databaseFull: FaultText | null;
  openErrors: number;
  version: string;
  instanceUid: string;
  /** This database ran at another address before; nothing is synced until an admin has said why (C10). */
  moved: NodeMove | null;
}

/** What the frame of every page shows. */
export async function nodeOverview(ctx: ServiceContext): Promise<NodeOverview> {
  const [node, openErrors, signs] = await Promise.all([
    ctx.db.node.findUniqueOrThrow({
      where: { id: 1 },
      select: { jiraState: true, jiraStateDetail: true, exalateUrl: true, startedAs: true },
    }),
    ctx.db.syncError.count({ where: { resolvedAt: null } }),
    signsOfLife(ctx),
  ]);
  return {
    name: ctx.node.name,
    exalateUrl: ctx.node.exalateUrl,
    jiraUrl: ownJira(ctx)?.baseUrl ?? null,
    jiraState: node.jiraState,
    jiraDetail: node.jiraStateDetail,
    worker: signs.worker,
    databaseFull: signs.databaseFull ? faults.database_full : null,
    openErrors,
    version: ctx.node.version,
    instanceUid: ctx.node.instanceUid,
    moved: node.startedAs === null ? null : { from: node.exalateUrl, to: node.startedAs },
  };
}
