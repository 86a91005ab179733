import type { BulkRun } from '#/db/models.ts';
import type { ServiceContext } from '../context.ts';

/** Where listing goes on; null when everything is listed. Only the owner of the run may say so. */
export async function storeCursor(ctx: ServiceContext, run: BulkRun, next: object | null): Promise<void> {
  await ctx.db.bulkRun.updateMany({
    where: { id: run.id, leaseOwner: run.leaseOwner },
    data: next === null ? { listed: true } : { cursor: { ...next } },
  });
}
