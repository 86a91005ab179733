import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { ServiceError } from '../errors.ts';
import { findTwin } from '../twin/find-twin.ts';
import { cleanPair } from './clean-pair.ts';

const waitMs = 5_000;

/**
 * Takes one pair out of sync and forgets it on both sides; content stays. Queued changes are dropped. Gives the keys of the
 * pair, for whoever wants to connect it again.
 */
export async function cleanUpIssue(
  ctx: ServiceContext,
  input: { twinId: string },
): Promise<{ localKey: string | null; remoteKey: string | null }> {
  const admin = requireAdmin(ctx);
  const { twinId } = parseInput(z.object({ twinId: z.uuid() }), input);
  const twin = await findTwin(ctx, twinId);
  await untilClean(ctx, twinId);
  await ctx.db.auditEntry.create({
    data: {
      actor: admin,
      verb: 'clean_up.issue',
      target: twin.localIssueKey ?? twinId,
      data: { connection: twin.connection.name, remoteKey: twin.remoteIssueKey },
    },
  });
  await ctx.wake.twins([twinId]);
  await ctx.wake.pages({ kind: 'connection', id: twin.connectionId });
  return { localKey: twin.localIssueKey, remoteKey: twin.remoteIssueKey };
}

async function untilClean(ctx: ServiceContext, twinId: string): Promise<void> {
  for (const end = ctx.clock.now() + waitMs; ; await sleep(100)) {
    if (await cleanPair(ctx, twinId)) return;
    if (ctx.clock.now() > end) break;
  }
  throw new ServiceError('conflict', {
    summary: 'This issue is being synchronised right now.',
    why: 'A change that has begun to be written must come to its end first.',
    remedy: 'Wait a moment and try again.',
  });
}
