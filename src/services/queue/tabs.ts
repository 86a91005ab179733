/**
 * What the four tabs of the Sync Queue hold, as one place: the list, its counts and the metrics all read from here.
 * Attachments have no number of their own and take their twin's newest message.
 */
import { Prisma } from '#/db/generated/client.ts';

export const queueTabs = ['outgoing-sync', 'incoming-sync', 'outgoing-attachments', 'incoming-attachments'] as const;
export type QueueTab = (typeof queueTabs)[number];
export type FileTab = Extract<QueueTab, `${string}-attachments`>;

/** How many wait in a tab. */
export function queueCount(tab: QueueTab): Prisma.Sql {
  switch (tab) {
    case 'outgoing-sync':
      return Prisma.sql`SELECT count(*)::int FROM sync_event`;
    case 'incoming-sync':
      return Prisma.sql`SELECT count(*)::int FROM sync_request`;
    case 'outgoing-attachments':
    case 'incoming-attachments':
      return Prisma.sql`SELECT count(*)::int FROM (${waitingFiles(tab)}) q`;
  }
}

/** Where the messages of a tab are, and the column that says since when. */
export const messagesOf = {
  'outgoing-sync': { table: Prisma.sql`sync_event`, since: Prisma.sql`"createdAt"` },
  'incoming-sync': { table: Prisma.sql`sync_request`, since: Prisma.sql`"receivedAt"` },
} satisfies Partial<Record<QueueTab, unknown>>;

/**
 * Files that the partner does not have yet, or that are not in the own Jira yet, with their twins. Each twin is looked up
 * by its id: the planner would rather read all twins, of which few have a file that waits.
 */
export function waitingFiles(tab: FileTab): Prisma.Sql {
  const [condition, number] =
    tab === 'outgoing-attachments'
      ? [Prisma.sql`a."localId" IS NOT NULL AND NOT a.deleted AND NOT a.acked`, Prisma.sql`t."outNumber"`]
      : [Prisma.sql`a."localId" IS NULL AND NOT a.deleted`, Prisma.sql`t."inNumber"`];
  return Prisma.sql`
    SELECT a.id, ${number} AS number, CASE WHEN t."errorCode" IS NULL THEN 'pending' ELSE 'error' END AS status,
      a.filename AS kind, to_timestamp(a."createdMs" / 1000.0) AS at, t.id AS "twinId", t.uid, t."connectionId",
      t."localIssueKey", t."remoteIssueKey"
    FROM attachment_trace a CROSS JOIN LATERAL (SELECT * FROM twin WHERE id = a."twinId" LIMIT 1) t
    WHERE ${condition} AND t."endedAt" IS NULL`;
}
