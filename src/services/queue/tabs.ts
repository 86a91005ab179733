/**
 * What the four tabs of the Sync Queue hold, as one place: the list, its counts and the metrics all read from here.
 * Every source gives the same columns; attachments have no number of their own and take their twin's newest message.
 */
import { Prisma } from '#/db/generated/client.ts';

export const queueTabs = ['outgoing-sync', 'incoming-sync', 'outgoing-attachments', 'incoming-attachments'] as const;
export type QueueTab = (typeof queueTabs)[number];

/** Attachment traces that the partner does not have yet, and those that are not in the own Jira yet. */
const attachmentConditions = {
  'outgoing-attachments': Prisma.sql`a."localId" IS NOT NULL AND NOT a.deleted AND NOT a.acked`,
  'incoming-attachments': Prisma.sql`a."localId" IS NULL AND NOT a.deleted`,
};

/** SELECT of a tab: id, sequence (text that sorts as it is), number, status, kind and twin. */
export function queueSource(tab: QueueTab): Prisma.Sql {
  switch (tab) {
    case 'outgoing-sync':
      return Prisma.sql`SELECT e.id::text AS id, lpad(e.seq::text, 20, '0') AS seq, e.number, e.status, e.kind, e."twinId", e."createdAt" AS at FROM sync_event e`;
    case 'incoming-sync':
      return Prisma.sql`SELECT e.id::text AS id, lpad(e.seq::text, 20, '0') AS seq, e.number, e.status, e.kind, e."twinId", e."receivedAt" AS at FROM sync_request e`;
    case 'outgoing-attachments':
      return attachments(attachmentConditions['outgoing-attachments'], Prisma.sql`t."outNumber"`);
    case 'incoming-attachments':
      return attachments(attachmentConditions['incoming-attachments'], Prisma.sql`t."inNumber"`);
  }
}

function attachments(condition: Prisma.Sql, number: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`SELECT a.id::text AS id, a.id::text AS seq, ${number} AS number,
      CASE WHEN t."errorCode" IS NULL THEN 'pending' ELSE 'error' END AS status, a.filename AS kind, a."twinId",
      to_timestamp(a."createdMs" / 1000.0) AS at
    FROM attachment_trace a JOIN twin t ON t.id = a."twinId" WHERE t."endedAt" IS NULL AND ${condition}`;
}
