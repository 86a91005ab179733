/** A page of attachments that wait. They are few, found by a partial index, and sorted here. */
import { Prisma } from '#/db/generated/client.ts';
import { pageSize, type QueueFilter, type QueueSort, readCursor } from './queue-filter.ts';
import { type FileTab, waitingFiles } from './tabs.ts';

const sorts: Record<QueueSort, { by: Prisma.Sql; type: Prisma.Sql }> = {
  id: { by: Prisma.sql`m.id`, type: Prisma.sql`uuid` },
  number: { by: Prisma.sql`m.number`, type: Prisma.sql`int` },
  status: { by: Prisma.sql`m.status COLLATE "C"`, type: Prisma.sql`text` },
  kind: { by: Prisma.sql`m.kind COLLATE "C"`, type: Prisma.sql`text` },
  trace: { by: Prisma.sql`m.uid`, type: Prisma.sql`uuid` },
  connection: { by: Prisma.sql`c.name COLLATE "C"`, type: Prisma.sql`text` },
};

/** As {@link pageOfMessages}; `seq` is the id. */
export function pageOfFiles(filter: QueueFilter, tab: FileTab): Prisma.Sql {
  const { sort, descending, connectionId, localKey, remoteKey } = filter;
  const { by, type } = sorts[sort];
  const conditions = [Prisma.sql`TRUE`];
  if (connectionId) conditions.push(Prisma.sql`m."connectionId" = ${connectionId}::uuid`);
  if (localKey) conditions.push(Prisma.sql`m."localIssueKey" = ${localKey.toUpperCase()}`);
  if (remoteKey) conditions.push(Prisma.sql`m."remoteIssueKey" = ${remoteKey.toUpperCase()}`);
  const position = readCursor(filter);
  const beyond = descending ? Prisma.sql`<` : Prisma.sql`>`;
  if (position !== null)
    conditions.push(
      sort === 'id'
        ? Prisma.sql`m.id ${beyond} ${position.row}::uuid`
        : Prisma.sql`(${by}, m.id) ${beyond} (${position.by}::${type}, ${position.row}::uuid)`,
    );
  const direction = descending ? Prisma.sql`DESC` : Prisma.sql`ASC`;
  const order = sort === 'id' ? Prisma.sql`m.id ${direction}` : Prisma.sql`${by} ${direction}, m.id ${direction}`;
  return Prisma.sql`
    SELECT m.id, m.id AS seq, m.number, m.status, m.kind, m."twinId", m."connectionId", m.at, ${by} AS by, NULL::uuid AS tie
    FROM (${waitingFiles(tab)}) m JOIN connection c ON c.id = m."connectionId"
    WHERE ${Prisma.join(conditions, ' AND ')} ORDER BY ${order} LIMIT ${pageSize + 1}`;
}
