import type { Prisma } from '#/db/generated/client.ts';
import type { ServiceContext } from '../context.ts';

const usualBatch = 2_000;

/**
 * Deletes what fits the condition, a batch at a time: each is a short transaction of its own, so that nobody waits long for
 * a row, and a table that has not been pruned for long does not run into the limit of a statement. Gives how many.
 */
export async function deleteInBatches(
  ctx: ServiceContext,
  table: Prisma.Sql,
  condition: Prisma.Sql,
  batch = usualBatch,
): Promise<number> {
  let deleted = 0;
  for (let count = batch; count === batch; deleted += count)
    count = await ctx.db.$executeRaw`
      DELETE FROM ${table} WHERE ctid = ANY(ARRAY(SELECT ctid FROM ${table} WHERE ${condition} LIMIT ${batch}))`;
  return deleted;
}
