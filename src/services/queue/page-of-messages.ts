/** A page of events or requests, read in the order of an index whatever it is sorted by. */
import { Prisma } from '#/db/generated/client.ts';
import { pageSize, type Position, type QueueFilter, type QueueSort, readCursor } from './queue-filter.ts';

type Messages = { table: Prisma.Sql; since: Prisma.Sql };

const end = Prisma.sql`LIMIT ${pageSize + 1}`;

/** For each there is an index (prisma/migrations, console_at_scale) with the very same expression. */
const sorts: Record<QueueSort, Prisma.Sql> = {
  id: Prisma.sql`m.seq`,
  number: Prisma.sql`m.number`,
  status: Prisma.sql`m.status COLLATE "C"`,
  kind: Prisma.sql`m.kind COLLATE "C"`,
  trace: Prisma.sql`COALESCE(m.replica->>'twin', m.replica->'snapshot'->>'twin', '') COLLATE "C"`,
  // Only together with an issue key, which leaves next to nothing to sort.
  connection: Prisma.sql`m."connectionId"::text COLLATE "C"`,
};

/** One row more than a page shows, each with `by`, `tie` and `seq` in the order of the sort. */
export function pageOfMessages(filter: QueueFilter, { table, since }: Messages): Prisma.Sql {
  const columns = Prisma.sql`m.id, m.seq, m.number, m.status, m.kind, m."twinId", m."connectionId", m.${since} AS at`;
  const keyed = Boolean(filter.localKey) || Boolean(filter.remoteKey);
  if (filter.sort === 'connection' && !keyed) return byConnection(filter, table, columns);
  const { sort, descending, connectionId, localKey, remoteKey } = filter;
  const by = sorts[sort];
  const conditions = [Prisma.sql`TRUE`];
  if (connectionId) conditions.push(Prisma.sql`m."connectionId" = ${connectionId}::uuid`);
  if (localKey) conditions.push(Prisma.sql`t."localIssueKey" = ${localKey.toUpperCase()}`);
  if (remoteKey) conditions.push(Prisma.sql`t."remoteIssueKey" = ${remoteKey.toUpperCase()}`);
  const position = readCursor(filter);
  const beyond = descending ? Prisma.sql`<` : Prisma.sql`>`;
  if (position !== null) {
    const { by: value, row } = position;
    const type = sort === 'number' ? Prisma.sql`int` : Prisma.sql`text`;
    conditions.push(
      sort === 'id'
        ? Prisma.sql`m.seq ${beyond} ${row}::bigint`
        : Prisma.sql`(${by}, m.seq) ${beyond} (${value}::${type}, ${row}::bigint)`,
    );
  }
  const direction = descending ? Prisma.sql`DESC` : Prisma.sql`ASC`;
  const order = sort === 'id' ? Prisma.sql`m.seq ${direction}` : Prisma.sql`${by} ${direction}, m.seq ${direction}`;
  return Prisma.sql`
    SELECT ${columns}, ${by} AS by, NULL::uuid AS tie FROM ${table} m
    ${keyed ? Prisma.sql`JOIN twin t ON t.id = m."twinId"` : Prisma.empty}
    WHERE ${Prisma.join(conditions, ' AND ')} ORDER BY ${order} ${end}`;
}

/** Each connection gives its first ones; those of the first connections are the page. */
function byConnection(
  { connectionId, descending, ...filter }: QueueFilter,
  table: Prisma.Sql,
  columns: Prisma.Sql,
): Prisma.Sql {
  const direction = descending ? Prisma.sql`DESC` : Prisma.sql`ASC`;
  const position = readCursor({ ...filter, descending });
  const reached = position === null ? Prisma.sql`TRUE` : connectionReached(position, descending);
  const from = position === null ? Prisma.sql`TRUE` : messageReached(position, descending);
  return Prisma.sql`
    SELECT one.*, c.name COLLATE "C" AS by, c.id AS tie FROM connection c CROSS JOIN LATERAL (
      SELECT ${columns} FROM ${table} m WHERE m."connectionId" = c.id AND ${from} ORDER BY m.seq ${direction} ${end}
    ) one
    WHERE ${connectionId ? Prisma.sql`c.id = ${connectionId}::uuid` : Prisma.sql`TRUE`} AND ${reached}
    ORDER BY c.name COLLATE "C" ${direction}, c.id ${direction}, one.seq ${direction} ${end}`;
}

function connectionReached({ by, tie }: Position, descending: boolean): Prisma.Sql {
  const beyond = descending ? Prisma.sql`<=` : Prisma.sql`>=`;
  return Prisma.sql`(c.name COLLATE "C", c.id) ${beyond} (${by}, ${tie}::uuid)`;
}

function messageReached({ tie, row }: Position, descending: boolean): Prisma.Sql {
  return descending
    ? Prisma.sql`m.seq < CASE WHEN c.id = ${tie}::uuid THEN ${row}::bigint ELSE 9223372036854775807 END`
    : Prisma.sql`m.seq > CASE WHEN c.id = ${tie}::uuid THEN ${row}::bigint ELSE 0 END`;
}
