/** Errors of triggers on the Errors page: one open row per trigger, which resolves itself when the trigger works again. */
import { createHash } from 'node:crypto';
import type { Fault } from '#/engine/fault/faults.ts';
import { faults } from '#/engine/fault/faults.ts';
import type { Tx } from '../context.ts';
import type { ServiceContext } from '../context.ts';
import { upsertError } from '../error/upsert-error.ts';

export function triggerFingerprint(triggerId: string): string {
  return createHash('sha256')
    .update(JSON.stringify(['trigger', triggerId]))
    .digest('hex');
}

export async function recordTriggerFault(
  ctx: ServiceContext,
  trigger: { id: string; connectionId: string; jql: string },
  fault: Fault,
): Promise<void> {
  const { impact, summary } = faults.trigger_failed;
  const detail = `${fault.detail} The query is: ${trigger.jql}`.slice(0, 4000);
  await upsertError(
    ctx,
    {
      impact,
      code: 'trigger_failed',
      summary,
      detail,
      connectionId: trigger.connectionId,
      twinId: null,
      fingerprint: triggerFingerprint(trigger.id),
    },
    { tell: true },
  );
  await ctx.wake.pages({ kind: 'node' });
}

/** Gives whether there was one. */
export async function clearTriggerFault(
  db: ServiceContext['db'] | Tx,
  triggerId: string,
  by: string,
): Promise<boolean> {
  const { count } = await db.syncError.updateMany({
    where: { fingerprint: triggerFingerprint(triggerId), resolvedAt: null },
    data: { resolvedAt: new Date(), resolvedBy: by },
  });
  return count > 0;
}
