import { z } from 'zod';
import { faultText, isFaultCode } from '#/engine/fault/faults.ts';
import { twinStatuses, twinStatusLabels } from '#/engine/twin/status.ts';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import type { Prisma } from '#/db/models.ts';
import { localRef, remoteRef } from './find-twin.ts';
import type { IssueRef } from './find-twin.ts';

const pageSize = 50;

const inputSchema = z.object({
  /** Local or remote issue key. */
  key: z.string().max(300).optional(),
  connectionId: z.uuid().optional(),
  status: z.enum(twinStatuses).optional(),
  /** `nextCursor` of the page before. */
  cursor: z.string().max(100).optional(),
});

export interface TwinRow {
  twinId: string;
  connection: { id: string; name: string };
  local: IssueRef | null;
  remote: IssueRef | null;
  status: string;
  lastSyncIn: Date | null;
  lastSyncOut: Date | null;
  error: string | null;
}

/** Twins, newest first, paged by key so that page 2,000 costs what page 1 does. */
export async function listTwins(
  ctx: ServiceContext,
  input: z.input<typeof inputSchema>,
): Promise<{ rows: readonly TwinRow[]; nextCursor: string | null }> {
  requireAdmin(ctx);
  const { key, connectionId, status, cursor } = parseInput(inputSchema, input);
  const wanted = key?.trim().toUpperCase();
  const conditions: Prisma.TwinWhereInput[] = [after(cursor)];
  if (wanted !== undefined && wanted !== '')
    conditions.push({ OR: [{ localIssueKey: wanted }, { remoteIssueKey: wanted }] });
  if (connectionId !== undefined) conditions.push({ connectionId });
  if (status !== undefined) conditions.push({ status });
  const twins = await ctx.db.twin.findMany({
    where: { AND: conditions },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: pageSize + 1,
    include: { connection: { select: { id: true, name: true, partnerJiraUrl: true } } },
  });
  const page = twins.slice(0, pageSize);
  const last = page.at(-1);
  return {
    rows: page.map((twin) => ({
      twinId: twin.id,
      connection: { id: twin.connection.id, name: twin.connection.name },
      local: localRef(ctx, twin),
      remote: remoteRef(twin, twin.connection.partnerJiraUrl),
      status: twinStatusLabels[twin.status],
      lastSyncIn: twin.lastSyncInAt,
      lastSyncOut: twin.lastSyncOutAt,
      error: twin.errorCode !== null && isFaultCode(twin.errorCode) ? faultText(twin.errorCode).summary : null,
    })),
    nextCursor: twins.length > pageSize && last !== undefined ? `${last.createdAt.toISOString()}_${last.id}` : null,
  };
}

function after(cursor: string | undefined): Prisma.TwinWhereInput {
  const [at, id] = cursor?.split('_') ?? [];
  const parsed = z.object({ at: z.iso.datetime(), id: z.uuid() }).safeParse({ at, id });
  if (!parsed.success) return {};
  const createdAt = new Date(parsed.data.at);
  return { OR: [{ createdAt: { lt: createdAt } }, { createdAt, id: { lt: parsed.data.id } }] };
}
