import { isUniqueViolation } from '../connection/is-unique-violation.ts';
import type { ServiceContext } from '../context.ts';
import { ServiceError } from '../errors.ts';

/** Begins to compare all twins with both sides; a run that is under way is joined. The worker does the work. */
export async function startVerify(ctx: ServiceContext): Promise<{ runId: string }> {
  const { actor } = ctx;
  if (actor.kind === 'partner')
    throw new ServiceError('forbidden', {
      summary: 'This is for administrators.',
      why: 'A partner node may not start it.',
      remedy: 'Sign in as an administrator of this node.',
    });
  const running = await runningVerify(ctx);
  if (running !== null) return { runId: running };
  const id = ctx.ids.uuid();
  const total = await ctx.db.twin.count({ where: { endedAt: null, localIssueId: { not: null } } });
  try {
    await ctx.db.$transaction([
      ctx.db.verifyRun.create({ data: { id, startedBy: actor.name, total } }),
      ...(actor.kind === 'admin'
        ? [ctx.db.auditEntry.create({ data: { actor: actor.name, verb: 'verify', target: 'node', data: {} } })]
        : []),
    ]);
  } catch (error) {
    const other = isUniqueViolation(error) ? await runningVerify(ctx) : null;
    if (other === null) throw error;
    return { runId: other };
  }
  await ctx.wake.pages({ kind: 'node' });
  return { runId: id };
}

async function runningVerify(ctx: ServiceContext): Promise<string | null> {
  const row = await ctx.db.verifyRun.findFirst({ where: { state: 'running' }, select: { id: true } });
  return row?.id ?? null;
}
