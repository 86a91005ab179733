import { z } from 'zod';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { askJira } from './check-jql.ts';
import { findTrigger } from './find-trigger.ts';
import { clearTriggerFault } from './trigger-errors.ts';

/** A trigger that is off ignores what is created and changed, also afterwards (B4). A query must be valid to be switched on. */
export async function setTriggerActive(
  ctx: ServiceContext,
  input: { triggerId: string; active: boolean },
): Promise<void> {
  const admin = requireAdmin(ctx);
  const { triggerId, active } = parseInput(z.object({ triggerId: z.uuid(), active: z.boolean() }), input);
  const trigger = await findTrigger(ctx, triggerId);
  if (trigger.active === active) return;
  const anew = active
    ? {
        activeSince: new Date((await askJira(ctx, trigger.jql)).nowMs),
        checkedUntil: null,
        checkedWindow: null,
        retryAt: null,
      }
    : {};
  await ctx.db.$transaction(async (tx) => {
    await tx.trigger.updateMany({ where: { id: triggerId }, data: { active, ...anew } });
    await clearTriggerFault(tx, triggerId, admin);
    await tx.auditEntry.create({
      data: {
        actor: admin,
        verb: active ? 'trigger.activate' : 'trigger.deactivate',
        target: triggerId,
        data: { connection: trigger.connection.name, jql: trigger.jql },
      },
    });
  });
  await ctx.wake.pages({ kind: 'connection', id: trigger.connectionId });
}
