import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { ServiceError } from '../errors.ts';
import { endTwin } from '../sync/end-twin.ts';
import { leaveLane, takeLane } from '../sync/lane.ts';
import { findTwin } from './find-twin.ts';

const waitMs = 5_000;

/** Takes the pair out of sync. Content stays on both sides; the partner is told (B5). */
export async function unexalateIssue(ctx: ServiceContext, input: { twinId: string }): Promise<void> {
  const admin = requireAdmin(ctx);
  const { twinId } = parseInput(z.object({ twinId: z.uuid() }), input);
  const twin = await findTwin(ctx, twinId);
  if (twin.endedAt !== null) return;
  const lane = await waitForLane(ctx, twinId);
  try {
    if (lane.twin.endedAt === null) await endTwin(lane, 'unexalated');
    await ctx.db.auditEntry.create({
      data: {
        actor: admin,
        verb: 'unexalate',
        target: twin.localIssueKey ?? twinId,
        data: { connection: twin.connection.name },
      },
    });
  } finally {
    await leaveLane(lane, new Date(ctx.clock.now()));
  }
  await ctx.wake.twins([twinId]);
  await ctx.wake.pages({ kind: 'twin', id: twinId });
}

async function waitForLane(
  ctx: ServiceContext,
  twinId: string,
): ReturnType<typeof takeLane> extends Promise<infer L> ? Promise<NonNullable<L>> : never {
  for (const end = ctx.clock.now() + waitMs; ; await sleep(100)) {
    const lane = await takeLane(ctx, twinId, `admin-${ctx.ids.uuid()}`);
    if (lane !== null) return lane;
    if (ctx.clock.now() > end) break;
  }
  throw new ServiceError('conflict', {
    summary: 'This issue is being synchronised right now.',
    why: 'Its pending changes must be finished first.',
    remedy: 'Wait a moment and try again.',
  });
}
