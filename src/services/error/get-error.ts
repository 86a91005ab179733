import { z } from 'zod';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { type ErrorRow, toRow, withPlace } from './error-row.ts';

/** One error; null when it is gone, as its issue or connection is. */
export async function getError(ctx: ServiceContext, input: { id: string }): Promise<ErrorRow | null> {
  requireAdmin(ctx);
  const { id } = parseInput(z.object({ id: z.uuid() }), input);
  const found = await ctx.db.syncError.findUnique({ where: { id }, include: withPlace });
  return found && toRow(found);
}
