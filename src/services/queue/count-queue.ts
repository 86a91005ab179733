import { Prisma } from '#/db/generated/client.ts';
import type { Db } from '#/db/client.ts';
import { queueCount, type QueueTab, queueTabs } from './tabs.ts';

export type QueueCounts = Record<QueueTab, number>;

/** How much is queued in each tab. One query. */
export async function countQueue(db: Db): Promise<QueueCounts> {
  const counts = queueTabs.map((tab) => Prisma.sql`(${queueCount(tab)}) AS ${Prisma.raw(`"${tab}"`)}`);
  const [row] = await db.$queryRaw<QueueCounts[]>`SELECT ${Prisma.join(counts)}`;
  if (row === undefined) throw new Error('A statement without conditions gave no row.');
  return row;
}
