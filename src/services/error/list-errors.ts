import { z } from 'zod';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { type ErrorRow, toRow, withPlace } from './error-row.ts';
import { plainText } from '../plain-text.ts';

const pageSize = 50;

const inputSchema = z.object({
  resolved: z.boolean().default(false),
  connectionId: z.uuid().optional(),
  cursor: plainText(100).optional(),
});

/** Open (or resolved) errors, newest first, paged by key. */
export async function listErrors(
  ctx: ServiceContext,
  input: z.input<typeof inputSchema>,
): Promise<{ rows: readonly ErrorRow[]; nextCursor: string | null }> {
  requireAdmin(ctx);
  const { resolved, connectionId, cursor } = parseInput(inputSchema, input);
  const [at, id] = cursor?.split('_') ?? [];
  const after = z.object({ at: z.iso.datetime(), id: z.uuid() }).safeParse({ at, id });
  const found = await ctx.db.syncError.findMany({
    where: {
      resolvedAt: resolved ? { not: null } : null,
      ...(connectionId === undefined ? {} : { connectionId }),
      ...(after.success
        ? {
            // Said twice: only this one tells PostgreSQL where in the index to begin.
            lastAt: { lte: new Date(after.data.at) },
            OR: [
              { lastAt: { lt: new Date(after.data.at) } },
              { lastAt: new Date(after.data.at), id: { lt: after.data.id } },
            ],
          }
        : {}),
    },
    orderBy: [{ lastAt: 'desc' }, { id: 'desc' }],
    take: pageSize + 1,
    include: withPlace,
  });
  const page = found.slice(0, pageSize);
  const last = page.at(-1);
  return {
    rows: page.map(toRow),
    nextCursor: found.length > pageSize && last ? `${last.lastAt.toISOString()}_${last.id}` : null,
  };
}
