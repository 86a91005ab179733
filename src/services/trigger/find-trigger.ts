import type { Connection, Trigger } from '#/db/models.ts';
import type { ServiceContext } from '../context.ts';
import { ServiceError } from '../errors.ts';

export async function findTrigger(ctx: ServiceContext, id: string): Promise<Trigger & { connection: Connection }> {
  const trigger = await ctx.db.trigger.findUnique({ where: { id }, include: { connection: true } });
  if (trigger !== null) return trigger;
  throw new ServiceError('not_found', {
    summary: 'This trigger does not exist any more.',
    why: 'It or its connection was probably deleted in the meantime.',
    remedy: 'Reload the Triggers page.',
  });
}
