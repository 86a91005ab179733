import type { SyncError } from '#/db/models.ts';
import type { ServiceContext } from '../context.ts';
import { ServiceError } from '../errors.ts';

export async function findError(ctx: ServiceContext, id: string): Promise<SyncError> {
  const error = await ctx.db.syncError.findUnique({ where: { id } });
  if (error !== null) return error;
  throw new ServiceError('not_found', {
    summary: 'This error is no longer there.',
    why: 'Its connection or issue was removed meanwhile.',
    remedy: 'Reload the Errors page.',
  });
}
