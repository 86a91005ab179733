import { z } from 'zod';
import type { Prisma } from '#/db/models.ts';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { auditText } from './audit-text.ts';
import { plainText } from '../plain-text.ts';

const pageSize = 50;

const inputSchema = z.object({
  /** Login of an administrator. */
  actor: plainText(255).trim().optional(),
  /** `nextCursor` of the page before. */
  cursor: plainText(30).optional(),
});

export interface AuditRow {
  id: string;
  at: Date;
  actor: string;
  /** What was done, in words. */
  what: string;
  /** To what: a name or a key. */
  target: string;
  /** Further facts, one line each. */
  details: readonly { name: string; value: string }[];
}

/** Who did what, newest first, paged by key. */
export async function listAudit(
  ctx: ServiceContext,
  input: z.input<typeof inputSchema>,
): Promise<{ rows: readonly AuditRow[]; nextCursor: string | null }> {
  requireAdmin(ctx);
  const { actor, cursor } = parseInput(inputSchema, input);
  const where: Prisma.AuditEntryWhereInput = {
    ...(actor === undefined || actor === '' ? {} : { actor }),
    ...(cursor !== undefined && /^\d{1,18}$/.test(cursor) ? { id: { lt: BigInt(cursor) } } : {}),
  };
  const found = await ctx.db.auditEntry.findMany({ where, orderBy: { id: 'desc' }, take: pageSize + 1 });
  const page = found.slice(0, pageSize);
  const names = await connectionNames(
    ctx,
    page.map(({ target }) => target),
  );
  const last = page.at(-1);
  return {
    rows: page.map(({ id, at, actor: by, verb, target, data }) => ({
      id: String(id),
      at,
      actor: by,
      ...auditText({ verb, target, data, names }),
    })),
    nextCursor: found.length > pageSize && last !== undefined ? String(last.id) : null,
  };
}

/** Names of the connections among these targets that are still there. */
async function connectionNames(ctx: ServiceContext, targets: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const ids = [...new Set(targets)].filter((target) => z.uuid().safeParse(target).success);
  if (ids.length === 0) return new Map();
  const rows = await ctx.db.connection.findMany({ where: { id: { in: ids } }, select: { id: true, name: true } });
  return new Map(rows.map(({ id, name }) => [id, name]));
}
