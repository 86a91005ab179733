import type { RunKind } from '#/engine/bulk/run.ts';
import type { Prisma } from '#/db/models.ts';
import { isUniqueViolation } from '../connection/is-unique-violation.ts';
import type { ServiceContext, Tx } from '../context.ts';

export interface StartedRun {
  runId: string;
  /** The same work was under way already; nothing new was begun. */
  already: boolean;
}

interface NewRun {
  kind: RunKind;
  connectionId: string;
  triggerId: string | null;
  subject: string;
  jql?: string;
  options?: Prisma.InputJsonObject;
  total?: number;
  listed?: boolean;
}

/** One run per kind and trigger (or connection) at a time: a unique index decides, and the second start finds the first run. */
export async function startRun(
  ctx: ServiceContext,
  admin: string,
  run: NewRun,
  addItems?: (tx: Tx, runId: string) => Promise<void>,
): Promise<StartedRun> {
  const id = ctx.ids.uuid();
  try {
    await ctx.db.$transaction(async (tx) => {
      await tx.bulkRun.create({ data: { id, startedBy: admin, ...run } });
      await addItems?.(tx, id);
      await tx.auditEntry.create({
        data: {
          actor: admin,
          verb: `bulk.${run.kind}`,
          target: run.triggerId ?? run.connectionId,
          data: { run: id, subject: run.subject },
        },
      });
    });
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const { kind, connectionId, triggerId } = run;
    const known = await ctx.db.bulkRun.findFirst({
      where: { kind, connectionId, triggerId, endedAt: null },
      select: { id: true },
    });
    // The run that was in the way has ended meanwhile.
    if (known === null) return startRun(ctx, admin, run, addItems);
    return { runId: known.id, already: true };
  }
  await ctx.wake.pages({ kind: 'connection', id: run.connectionId });
  return { runId: id, already: false };
}
