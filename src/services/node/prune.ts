import { forgetReplayedTokens } from '../connection/authenticate-partner.ts';
import type { ServiceContext } from '../context.ts';
import { exclusively } from '../sync/loop-lease.ts';

const rowsAtOnce = 5_000;

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
    await forgetOldRuns(ctx);
    // A group that may come up again within the longest interval between two mails is remembered.
    await ctx.db.$executeRaw`
      DELETE FROM notice n WHERE n."lastAt" < now() - interval '7 days' AND (n."toldAt" IS NULL OR n."toldAt" < now() - interval '7 days')
        AND NOT EXISTS (SELECT FROM sync_error e WHERE e.fingerprint = n.fingerprint AND e."resolvedAt" IS NULL)`;
    await ctx.db.$executeRaw`DELETE FROM timeline_entry WHERE at < now() - interval '180 days'`;
  });
}

/** Runs that ended long ago with their rows, few at a time: a run may have 100,000 of them. */
async function forgetOldRuns(ctx: ServiceContext): Promise<void> {
  for (let deleted = rowsAtOnce; deleted === rowsAtOnce;) {
    deleted = await ctx.db.$executeRaw`
      DELETE FROM bulk_item WHERE id IN (
        SELECT i.id FROM bulk_run r JOIN bulk_item i ON i."runId" = r.id
        WHERE r."endedAt" < now() - interval '90 days' LIMIT ${rowsAtOnce})`;
  }
  await ctx.db.$executeRaw`
    DELETE FROM bulk_run r WHERE r."endedAt" < now() - interval '90 days'
      AND NOT EXISTS (SELECT FROM bulk_item i WHERE i."runId" = r.id)`;
}
