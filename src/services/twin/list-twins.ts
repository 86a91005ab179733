import { z } from 'zod';
import { Prisma } from '#/db/generated/client.ts';
import { errorText, reportedPrefix } from '#/engine/fault/reported.ts';
import { pausable, shownStatus, type TwinStatus, twinStatuses, twinStatusLabels } from '#/engine/twin/status.ts';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { localRef, remoteRef } from './find-twin.ts';
import type { IssueRef } from './find-twin.ts';
import { plainText } from '../plain-text.ts';

const pageSize = 50;

const inputSchema = z.object({
  /** Local or remote issue key. */
  key: plainText(300).optional(),
  connectionId: z.uuid().optional(),
  status: z.enum(twinStatuses).optional(),
  /** `nextCursor` of the page before. */
  cursor: plainText(100).optional(),
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

interface Raw {
  id: string;
  createdAt: Date;
  localIssueKey: string | null;
  remoteIssueKey: string | null;
  status: TwinStatus;
  /** As errors are named: the partner's with a prefix. */
  errorCode: string | null;
  lastSyncInAt: Date | null;
  lastSyncOutAt: Date | null;
  connectionId: string;
  connectionName: string;
  connectionActive: boolean;
  partnerJiraUrl: string | null;
}

/** Twins, newest first, paged by key so that page 2,000 costs what page 1 does. */
export async function listTwins(
  ctx: ServiceContext,
  input: z.input<typeof inputSchema>,
): Promise<{ rows: readonly TwinRow[]; nextCursor: string | null }> {
  requireAdmin(ctx);
  const filter = parseInput(inputSchema, input);
  const found = await ctx.db.$queryRaw<Raw[]>`
    SELECT t.id, t."createdAt", t."localIssueKey", t."remoteIssueKey", t.status::text AS status,
      COALESCE(t."errorCode", ${reportedPrefix} || (t."remoteProgress"->'error'->>'code')) AS "errorCode",
      t."lastSyncInAt", t."lastSyncOutAt", c.id AS "connectionId", c.name AS "connectionName",
      c.status = 'active' AS "connectionActive", c."partnerJiraUrl"
    FROM (${pageOf(filter)}) page JOIN twin t ON t.id = page.id JOIN connection c ON c.id = t."connectionId"
    ORDER BY t."createdAt" DESC, t.id DESC`;
  const page = found.slice(0, pageSize);
  const last = page.at(-1);
  return {
    rows: page.map((twin) => ({
      twinId: twin.id,
      connection: { id: twin.connectionId, name: twin.connectionName },
      local: localRef(ctx, twin),
      remote: remoteRef(twin, twin.partnerJiraUrl),
      status: twinStatusLabels[shownStatus(twin.status, twin.connectionActive)],
      lastSyncIn: twin.lastSyncInAt,
      lastSyncOut: twin.lastSyncOutAt,
      error: twin.errorCode === null ? null : (errorText(twin.errorCode)?.summary ?? null),
    })),
    nextCursor: found.length > pageSize && last !== undefined ? `${last.createdAt.toISOString()}_${last.id}` : null,
  };
}

/**
 * The ids of a page and of one twin more. A filter is answered from `twin_list`, whose order is that of one status in one
 * connection: each of these gives its newest, and the newest of all are the page. So a rare status costs no more than a
 * frequent one.
 */
function pageOf({ key, connectionId, status, cursor }: z.output<typeof inputSchema>): Prisma.Sql {
  const wanted = key?.trim().toUpperCase() ?? '';
  const newest = Prisma.sql`ORDER BY "createdAt" DESC, id DESC LIMIT ${pageSize + 1}`;
  if (wanted !== '')
    return Prisma.sql`SELECT id FROM twin WHERE ("localIssueKey" = ${wanted} OR "remoteIssueKey" = ${wanted})
      ${connectionId === undefined ? Prisma.empty : Prisma.sql`AND "connectionId" = ${connectionId}::uuid`}
      ${status === undefined ? Prisma.empty : Prisma.sql`AND ${shown(Prisma.sql`twin.status`, Prisma.sql`(SELECT c.status FROM connection c WHERE c.id = twin."connectionId")`)} = ${status}::twin_status`}
      AND ${after(cursor)} ${newest}`;
  if (connectionId === undefined && status === undefined)
    return Prisma.sql`SELECT id FROM twin WHERE ${after(cursor)} ${newest}`;
  return Prisma.sql`
    SELECT one.id FROM connection c CROSS JOIN unnest(${[...twinStatuses]}::twin_status[]) AS wanted(status)
    CROSS JOIN LATERAL (
      SELECT id, "createdAt" FROM twin WHERE "connectionId" = c.id AND status = wanted.status AND ${after(cursor)} ${newest}
    ) AS one
    WHERE ${connectionId === undefined ? Prisma.sql`TRUE` : Prisma.sql`c.id = ${connectionId}::uuid`}
      AND ${status === undefined ? Prisma.sql`TRUE` : Prisma.sql`${shown(Prisma.sql`wanted.status`, Prisma.sql`c.status`)} = ${status}::twin_status`}
    ORDER BY one."createdAt" DESC, one.id DESC LIMIT ${pageSize + 1}`;
}

/** As {@link shownStatus}. */
function shown(status: Prisma.Sql, connection: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`CASE WHEN ${connection} <> 'active' AND ${status} = ANY(${[...pausable]}::twin_status[])
    THEN 'paused'::twin_status ELSE ${status} END`;
}

function after(cursor: string | undefined): Prisma.Sql {
  const [at, id] = cursor?.split('_') ?? [];
  const parsed = z.object({ at: z.iso.datetime(), id: z.uuid() }).safeParse({ at, id });
  if (!parsed.success) return Prisma.sql`TRUE`;
  return Prisma.sql`("createdAt", id) < (${parsed.data.at}::timestamptz, ${parsed.data.id}::uuid)`;
}
