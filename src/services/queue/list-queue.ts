import { z } from 'zod';
import { Prisma } from '#/db/generated/client.ts';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { queueSource, queueTabs } from './tabs.ts';

export const queueSorts = ['id', 'number', 'status', 'connection', 'kind', 'trace'] as const;
export type QueueSort = (typeof queueSorts)[number];

const pageSize = 50;

const inputSchema = z.object({
  tab: z.enum(queueTabs),
  connectionId: z.uuid().optional(),
  /** Issue keys, whole. */
  localKey: z.string().max(300).optional(),
  remoteKey: z.string().max(300).optional(),
  sort: z.enum(queueSorts).default('id'),
  descending: z.boolean().default(false),
  cursor: z.string().max(1000).optional(),
});

export interface QueueRow {
  id: string;
  /** Shown as ID. */
  seq: string;
  number: number;
  status: string;
  connection: { id: string; name: string };
  kind: string;
  trace: string;
  localKey: string | null;
  remoteKey: string | null;
  at: Date;
}

interface Raw extends Omit<QueueRow, 'connection'> {
  connectionId: string;
  connectionName: string;
  sortText: string;
}

/** Every sort as text whose order is that of the column, so that one kind of cursor serves all of them. */
const sorts: Record<QueueSort, Prisma.Sql> = {
  id: Prisma.sql`q.seq`,
  number: Prisma.sql`lpad(q.number::text, 12, '0')`,
  status: Prisma.sql`q.status`,
  connection: Prisma.sql`c.name`,
  kind: Prisma.sql`q.kind`,
  trace: Prisma.sql`t.uid::text`,
};

const cursorSchema = z.tuple([z.string(), z.string()]);

/** One page of a tab of the Sync Queue. */
export async function listQueue(
  ctx: ServiceContext,
  input: z.input<typeof inputSchema>,
): Promise<{ rows: readonly QueueRow[]; nextCursor: string | null }> {
  requireAdmin(ctx);
  const { tab, connectionId, localKey, remoteKey, sort, descending, cursor } = parseInput(inputSchema, input);
  const by = Prisma.sql`(${sorts[sort]} COLLATE "C")`;
  const conditions = [Prisma.sql`TRUE`];
  if (connectionId) conditions.push(Prisma.sql`c.id = ${connectionId}::uuid`);
  if (localKey) conditions.push(Prisma.sql`t."localIssueKey" = ${localKey.toUpperCase()}`);
  if (remoteKey) conditions.push(Prisma.sql`t."remoteIssueKey" = ${remoteKey.toUpperCase()}`);
  const after = readCursor(cursor);
  if (after !== null)
    conditions.push(
      descending
        ? Prisma.sql`(${by}, q.id) < (${after[0]}, ${after[1]})`
        : Prisma.sql`(${by}, q.id) > (${after[0]}, ${after[1]})`,
    );
  const direction = descending ? Prisma.sql`DESC` : Prisma.sql`ASC`;
  const found = await ctx.db.$queryRaw<Raw[]>`
    SELECT q.id, ltrim(q.seq, '0') AS seq, q.number, q.status, q.kind, q.at, t.uid::text AS trace,
      t."localIssueKey" AS "localKey", t."remoteIssueKey" AS "remoteKey",
      c.id::text AS "connectionId", c.name AS "connectionName", ${by} AS "sortText"
    FROM (${queueSource(tab)}) q JOIN twin t ON t.id = q."twinId" JOIN connection c ON c.id = t."connectionId"
    WHERE ${Prisma.join(conditions, ' AND ')}
    ORDER BY ${by} ${direction}, q.id ${direction} LIMIT ${pageSize + 1}`;
  const page = found.slice(0, pageSize);
  const last = page.at(-1);
  return {
    rows: page.map(({ connectionId: id, connectionName: name, sortText: _, ...row }) => ({
      ...row,
      connection: { id, name },
    })),
    nextCursor:
      found.length > pageSize && last
        ? Buffer.from(JSON.stringify([last.sortText, last.id])).toString('base64url')
        : null,
  };
}

function readCursor(cursor: string | undefined): [string, string] | null {
  if (!cursor) return null;
  try {
    const parsed = cursorSchema.safeParse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
