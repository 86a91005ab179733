import { Prisma } from '#/db/generated/client.ts';
import type { Db } from '#/db/client.ts';
import { queueSource, type QueueTab, queueTabs } from './tabs.ts';

export type QueueCounts = Record<QueueTab, number>;

/** How much is queued in each tab. One query. */
export async function countQueue(db: Db): Promise<QueueCounts> {
  const counts = queueTabs.map(
    (tab) => Prisma.sql`SELECT ${tab}::text AS tab, count(*)::int AS count FROM (${queueSource(tab)}) q`,
  );
  const rows = await db.$queryRaw<Array<{ tab: QueueTab; count: number }>>(Prisma.join(counts, ' UNION ALL '));
  const of = new Map(rows.map(({ tab, count }) => [tab, count]));
  return {
    'outgoing-sync': of.get('outgoing-sync') ?? 0,
    'incoming-sync': of.get('incoming-sync') ?? 0,
    'outgoing-attachments': of.get('outgoing-attachments') ?? 0,
    'incoming-attachments': of.get('incoming-attachments') ?? 0,
  };
}
