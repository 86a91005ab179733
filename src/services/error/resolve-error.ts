import { z } from 'zod';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { findError } from './find-error.ts';

/** Puts an error aside by hand. If its cause is still there, it comes back with the next attempt. */
export async function resolveError(ctx: ServiceContext, input: { id: string }): Promise<void> {
  const admin = requireAdmin(ctx);
  const { id } = parseInput(z.object({ id: z.uuid() }), input);
  const error = await findError(ctx, id);
  await ctx.db.$transaction([
    ctx.db.syncError.updateMany({
      where: { id, resolvedAt: null },
      data: { resolvedAt: new Date(ctx.clock.now()), resolvedBy: admin },
    }),
    ctx.db.auditEntry.create({
      data: { actor: admin, verb: 'resolve', target: error.summary, data: { code: error.code } },
    }),
  ]);
  await ctx.wake.pages({ kind: 'node' });
}
