import { Prisma } from '#/db/generated/client.ts';
import { forgetReplayedTokens } from '../connection/authenticate-partner.ts';
import type { ServiceContext } from '../context.ts';
import { exclusively } from '../sync/loop-lease.ts';
import { deleteInBatches } from './delete-in-batches.ts';

/** More in one go than a busy node writes between two. */
const auditAtOnce = 20_000;

/**
 * Removes what nobody will ask for again: expired token ids, long resolved errors, the timeline of half a year ago (its
 * activity stays counted), used invitations, bulk runs of three months ago, and the audit log of more than three years ago.
 */
export async function prune(ctx: ServiceContext): Promise<void> {
  await exclusively(ctx, { name: 'prune', leaseSeconds: 300 }, async () => {
    await forgetReplayedTokens(ctx);
    await deleteInBatches(ctx, Prisma.sql`sync_error`, Prisma.sql`"resolvedAt" < now() - interval '30 days'`);
    await ctx.db.$executeRaw`DELETE FROM sign_in_throttle WHERE "blockedUntil" < now() - interval '1 day'`;
    await ctx.db
      .$executeRaw`DELETE FROM attachment_transfer WHERE "createdAt" < now() - interval '1 day' AND state <> 'sending'`;
    await ctx.db.$executeRaw`DELETE FROM partner_question WHERE "createdAt" < now() - interval '10 minutes'`;
    await ctx.db.$executeRaw`DELETE FROM verify_run WHERE "endedAt" < now() - interval '30 days'`;
    await deleteInBatches(ctx, Prisma.sql`timeline_entry`, Prisma.sql`at < now() - interval '180 days'`);
    // A pending connection shows what has become of its invitation.
    await deleteInBatches(
      ctx,
      Prisma.sql`invitation`,
      Prisma.sql`"expiresAt" < now() - interval '30 days' AND EXISTS (
        SELECT 1 FROM connection c WHERE c.id = "connectionId" AND c.status <> 'pending')`,
    );
    await pruneAudit(ctx);
    await forgetOldRuns(ctx);
    // A group that may come up again within the longest interval between two mails is remembered.
    await ctx.db.$executeRaw`
      DELETE FROM notice n WHERE n."lastAt" < now() - interval '7 days' AND (n."toldAt" IS NULL OR n."toldAt" < now() - interval '7 days')
        AND NOT EXISTS (SELECT FROM sync_error e WHERE e.fingerprint = n.fingerprint AND e."resolvedAt" IS NULL)`;
  });
}

/** Its ids are in the order of time: only the oldest are looked at. */
async function pruneAudit(ctx: ServiceContext): Promise<void> {
  const [oldest] = await ctx.db.$queryRaw<{ until: bigint | null }[]>`
    SELECT COALESCE(min(id) FILTER (WHERE at >= now() - interval '3 years'), max(id) + 1) AS until
    FROM (SELECT id, at FROM audit_entry ORDER BY id LIMIT ${auditAtOnce}) oldest`;
  const until = oldest?.until ?? null;
  if (until !== null) await deleteInBatches(ctx, Prisma.sql`audit_entry`, Prisma.sql`id < ${until}`);
}

/** Runs that ended long ago, their rows first: a run may have 100,000 of them. */
async function forgetOldRuns(ctx: ServiceContext): Promise<void> {
  await deleteInBatches(
    ctx,
    Prisma.sql`bulk_item`,
    Prisma.sql`EXISTS (SELECT 1 FROM bulk_run r WHERE r.id = "runId" AND r."endedAt" < now() - interval '90 days')`,
  );
  await ctx.db.$executeRaw`
    DELETE FROM bulk_run r WHERE r."endedAt" < now() - interval '90 days'
      AND NOT EXISTS (SELECT FROM bulk_item i WHERE i."runId" = r.id)`;
}
