import { z } from 'zod';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { findTrigger } from './find-trigger.ts';
import { clearTriggerFault } from './trigger-errors.ts';

/** What is under sync stays under sync; bulk runs of the trigger are cancelled. */
export async function deleteTrigger(ctx: ServiceContext, input: { triggerId: string }): Promise<void> {
  const admin = requireAdmin(ctx);
  const { triggerId } = parseInput(z.object({ triggerId: z.uuid() }), input);
  const trigger = await findTrigger(ctx, triggerId);
  await ctx.db.$transaction(async (tx) => {
    await tx.bulkRun.updateMany({
      where: { triggerId, endedAt: null },
      data: { status: 'cancelled', endedAt: new Date(ctx.clock.now()) },
    });
    await tx.trigger.deleteMany({ where: { id: triggerId } });
    await clearTriggerFault(tx, triggerId, admin);
    await tx.auditEntry.create({
      data: {
        actor: admin,
        verb: 'trigger.delete',
        target: triggerId,
        data: { connection: trigger.connection.name, jql: trigger.jql },
      },
    });
  });
  await ctx.wake.pages({ kind: 'connection', id: trigger.connectionId });
}
