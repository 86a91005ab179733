import { z } from 'zod';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';

/** What is still queued for a twin, told before it is taken out of sync (B5). */
export async function queuedWork(
  ctx: ServiceContext,
  input: { twinId: string },
): Promise<{ outgoing: number; incoming: number }> {
  requireAdmin(ctx);
  const { twinId } = parseInput(z.object({ twinId: z.uuid() }), input);
  const [outgoing, incoming] = await Promise.all([
    ctx.db.syncEvent.count({ where: { twinId } }),
    ctx.db.syncRequest.count({ where: { twinId } }),
  ]);
  return { outgoing, incoming };
}
