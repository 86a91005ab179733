import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { retryError } from './retry-error.ts';

const atOnce = 500;

/** Tries again what stopped with any open error. An error of the whole node covers all others. */
export async function retryAllErrors(ctx: ServiceContext): Promise<{ retried: number }> {
  requireAdmin(ctx);
  const open = await ctx.db.syncError.findMany({
    where: { resolvedAt: null },
    select: { id: true, twinId: true, connectionId: true },
    orderBy: { lastAt: 'desc' },
    take: atOnce,
  });
  const wide = open.filter((error) => error.twinId === null);
  const node = wide.find((error) => error.connectionId === null);
  const connections = new Set(wide.map((error) => error.connectionId));
  const needed = node ? [node] : open.filter((error) => error.twinId === null || !connections.has(error.connectionId));
  for (const { id } of needed) await retryError(ctx, { id });
  return { retried: open.length };
}
