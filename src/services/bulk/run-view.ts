import { runKindLabels, runProgress } from '#/engine/bulk/run.ts';
import type { RunKind, RunProgress, RunStatus } from '#/engine/bulk/run.ts';
import type { BulkRun } from '#/db/models.ts';
import type { ServiceContext } from '../context.ts';
import { ServiceError } from '../errors.ts';

export interface RunView {
  id: string;
  kind: RunKind;
  /** "Bulk Exalate", … */
  title: string;
  status: RunStatus;
  connection: { id: string; name: string };
  triggerId: string | null;
  /** The query, the file's name or the connection's. */
  subject: string;
  progress: RunProgress;
  /** False while matches are still being counted: `total` may change. */
  counted: boolean;
  /** Why it does not go on at the moment, or why it was given up. */
  waitingFor: string | null;
  startedBy: string;
  createdAt: Date;
  startedAt: Date | null;
  endedAt: Date | null;
}

export const withConnection = { connection: { select: { id: true, name: true } } } as const;

export function toRunView(ctx: ServiceContext, run: BulkRun & { connection: { id: string; name: string } }): RunView {
  const kind = run.kind as RunKind;
  return {
    id: run.id,
    kind,
    title: runKindLabels[kind],
    status: run.status as RunStatus,
    connection: run.connection,
    triggerId: run.triggerId,
    subject: run.subject,
    progress: runProgress(run, ctx.clock.now()),
    counted: run.listed,
    waitingFor: run.waitingFor,
    startedBy: run.startedBy,
    createdAt: run.createdAt,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
  };
}

export async function findRun(
  ctx: ServiceContext,
  id: string,
): Promise<BulkRun & { connection: { id: string; name: string } }> {
  const run = await ctx.db.bulkRun.findUnique({ where: { id }, include: withConnection });
  if (run !== null) return run;
  throw new ServiceError('not_found', {
    summary: 'This bulk run does not exist any more.',
    why: 'Its connection was deleted, or it ended long ago.',
    remedy: 'Reload the page.',
  });
}
