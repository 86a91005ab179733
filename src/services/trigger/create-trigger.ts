import { z } from 'zod';
import { findConnection } from '../connection/find-connection.ts';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { askJira, jqlSchema } from './check-jql.ts';
import { plainText } from '../plain-text.ts';

const inputSchema = z.object({
  connectionId: z.uuid('Please choose a connection.'),
  entityType: z.literal('issue').default('issue'),
  jql: jqlSchema,
  notes: plainText(10_000, 'These notes are too long.').default(''),
  active: z.boolean().default(true),
});

/**
 * From now on issues that match when they are created or changed come under sync (B4). Those that match already are left
 * to Bulk Exalate; how many they are is told.
 */
export async function createTrigger(
  ctx: ServiceContext,
  input: z.input<typeof inputSchema>,
): Promise<{ triggerId: string; matches: number }> {
  const admin = requireAdmin(ctx);
  const { connectionId, entityType, jql, notes, active } = parseInput(inputSchema, input);
  const { matches, nowMs } = await askJira(ctx, jql);
  const id = ctx.ids.uuid();
  await ctx.db.$transaction(async (tx) => {
    const connection = await findConnection(tx, connectionId);
    await tx.trigger.create({
      data: {
        id,
        connectionId,
        entityType,
        jql: jql.trim(),
        notes,
        active,
        createdBy: admin,
        activeSince: new Date(nowMs),
      },
    });
    await tx.auditEntry.create({
      data: { actor: admin, verb: 'trigger.create', target: id, data: { connection: connection.name, jql, active } },
    });
  });
  await ctx.wake.pages({ kind: 'connection', id: connectionId });
  return { triggerId: id, matches };
}
