/** Open errors as the Errors page shows them: equal ones are one row with a count, and cured ones resolve themselves. */
import { createHash } from 'node:crypto';
import type { Fault } from '#/engine/fault/faults.ts';
import { faultText } from '#/engine/fault/faults.ts';
import type { ServiceContext } from '../context.ts';
import { isMailFault } from '../notification/mail-fault.ts';
import { upsertError } from './upsert-error.ts';

export interface FaultScope {
  twinId: string | null;
  connectionId: string | null;
  /** Of the lane that failed. */
  fence?: bigint;
}

export async function recordFault(ctx: ServiceContext, fault: Fault, scope: FaultScope): Promise<void> {
  const { impact, summary } = faultText(fault.code);
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([fault.code, scope.twinId, scope.connectionId]))
    .digest('hex');
  // A mail about mail that cannot be sent would not arrive either.
  await upsertError(
    ctx,
    { impact, code: fault.code, summary, detail: fault.detail, ...scope, fingerprint },
    { tell: !isMailFault(fault.code) },
  );
  if (impact === 'node') {
    await ctx.db.$executeRaw`
      UPDATE node SET "jiraState" = ${fault.code}, "jiraStateDetail" = ${fault.detail}, "jiraStateSince" = now()
      WHERE id = 1 AND "jiraState" <> ${fault.code}`;
  }
  await ctx.wake.pages({ kind: 'node' });
}

/** Resolves the open errors of a twin, of a connection's partner, or of the node, now that the work succeeded. */
export async function clearFaults(
  ctx: ServiceContext,
  scope: { twinId: string } | { connectionId: string } | { node: true },
): Promise<void> {
  const where =
    'twinId' in scope
      ? { twinId: scope.twinId }
      : 'connectionId' in scope
        ? { connectionId: scope.connectionId, impact: 'connection' }
        : { impact: 'node' };
  await ctx.db.syncError.updateMany({
    where: { ...where, resolvedAt: null },
    data: { resolvedAt: new Date(ctx.clock.now()), resolvedBy: 'sync' },
  });
  if ('node' in scope) {
    await ctx.db.node.updateMany({
      where: { jiraState: { not: 'ok' } },
      data: { jiraState: 'ok', jiraStateDetail: null, jiraStateSince: null },
    });
  }
  await ctx.wake.pages({ kind: 'node' });
}
