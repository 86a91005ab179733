import { z } from 'zod';
import { findConnection } from '../connection/find-connection.ts';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { askJira, jqlSchema } from './check-jql.ts';
import { findTrigger } from './find-trigger.ts';
import { clearTriggerFault } from './trigger-errors.ts';
import { plainText } from '../plain-text.ts';

const inputSchema = z.object({
  triggerId: z.uuid(),
  connectionId: z.uuid('Please choose a connection.'),
  jql: jqlSchema,
  notes: plainText(10_000, 'These notes are too long.').default(''),
  active: z.boolean(),
});

/** Changes a trigger. With another query or connection it begins anew: changes before now are not its business. */
export async function updateTrigger(
  ctx: ServiceContext,
  input: z.input<typeof inputSchema>,
): Promise<{ matches: number }> {
  const admin = requireAdmin(ctx);
  const { triggerId, connectionId, jql, notes, active } = parseInput(inputSchema, input);
  const before = await findTrigger(ctx, triggerId);
  const { matches, nowMs } = await askJira(ctx, jql);
  const query = jql.trim();
  const anew = query !== before.jql || connectionId !== before.connectionId || (active && !before.active);
  await ctx.db.$transaction(async (tx) => {
    const connection = await findConnection(tx, connectionId);
    await tx.trigger.updateMany({
      where: { id: triggerId },
      data: {
        connectionId,
        jql: query,
        notes,
        active,
        retryAt: null,
        checkedWindow: null,
        ...(anew ? { activeSince: new Date(nowMs), checkedUntil: null } : {}),
      },
    });
    await clearTriggerFault(tx, triggerId, admin);
    await tx.auditEntry.create({
      data: {
        actor: admin,
        verb: 'trigger.update',
        target: triggerId,
        data: { connection: connection.name, jql, active },
      },
    });
  });
  await ctx.wake.pages({ kind: 'connection', id: connectionId });
  return { matches };
}
