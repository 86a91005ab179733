import { forgetReplayedTokens } from '../connection/authenticate-partner.ts';
import type { ServiceContext } from '../context.ts';
import { exclusively } from '../sync/loop-lease.ts';

/** Removes what nobody will ask for again: expired token ids, old timeline entries of ended twins, long resolved errors. */
export async function prune(ctx: ServiceContext): Promise<void> {
  await exclusively(ctx, { name: 'prune', leaseSeconds: 300 }, async () => {
    await forgetReplayedTokens(ctx);
    await ctx.db.$executeRaw`DELETE FROM sync_error WHERE "resolvedAt" < now() - interval '30 days'`;
    await ctx.db.$executeRaw`DELETE FROM sign_in_throttle WHERE "blockedUntil" < now() - interval '1 day'`;
    await ctx.db
      .$executeRaw`DELETE FROM attachment_transfer WHERE "createdAt" < now() - interval '1 day' AND state <> 'sending'`;
    await ctx.db.$executeRaw`DELETE FROM partner_question WHERE "createdAt" < now() - interval '10 minutes'`;
    await ctx.db.$executeRaw`DELETE FROM verify_run WHERE "endedAt" < now() - interval '30 days'`;
    await ctx.db.$executeRaw`DELETE FROM timeline_entry WHERE at < now() - interval '180 days'`;
  });
}
