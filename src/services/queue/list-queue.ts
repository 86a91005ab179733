import type { z } from 'zod';
import { Prisma } from '#/db/generated/client.ts';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { pageOfFiles } from './page-of-files.ts';
import { pageOfMessages } from './page-of-messages.ts';
import { pageSize, type QueueFilter, queueFilterSchema, writeCursor } from './queue-filter.ts';
import { messagesOf } from './tabs.ts';

export { queueSorts, type QueueSort } from './queue-filter.ts';

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
  by: string;
  tie: string;
}

/** One page of a tab of the Sync Queue. */
export async function listQueue(
  ctx: ServiceContext,
  input: z.input<typeof queueFilterSchema>,
): Promise<{ rows: readonly QueueRow[]; nextCursor: string | null }> {
  requireAdmin(ctx);
  const filter = parseInput(queueFilterSchema, input);
  const direction = filter.descending ? Prisma.sql`DESC` : Prisma.sql`ASC`;
  const found = await ctx.db.$queryRaw<Raw[]>`
    SELECT q.id::text AS id, q.seq::text AS seq, q.number, q.status, q.kind, q.at, t.uid::text AS trace,
      t."localIssueKey" AS "localKey", t."remoteIssueKey" AS "remoteKey",
      c.id::text AS "connectionId", c.name AS "connectionName", q.by::text AS by, COALESCE(q.tie::text, '') AS tie
    FROM (${pageOf(filter)}) q JOIN twin t ON t.id = q."twinId" JOIN connection c ON c.id = q."connectionId"
    ORDER BY q.by ${direction}, q.tie ${direction}, q.seq ${direction}`;
  const page = found.slice(0, pageSize);
  const last = page.at(-1);
  return {
    rows: page.map(({ connectionId, connectionName, by: _by, tie: _tie, ...row }) => ({
      ...row,
      connection: { id: connectionId, name: connectionName },
    })),
    nextCursor: found.length > pageSize && last ? writeCursor({ by: last.by, tie: last.tie, row: last.seq }) : null,
  };
}

function pageOf(filter: QueueFilter): Prisma.Sql {
  const { tab } = filter;
  if (tab === 'outgoing-attachments' || tab === 'incoming-attachments') return pageOfFiles(filter, tab);
  return pageOfMessages(filter, messagesOf[tab]);
}
