import { z } from 'zod';
import { startRun } from '../bulk/start-run.ts';
import type { StartedRun } from '../bulk/start-run.ts';
import { findConnection } from '../connection/find-connection.ts';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';

/**
 * Takes all pairs of the connection out of sync and forgets them on both sides, in the background; content stays and queued
 * changes are dropped. The pairs can be had as CSV afterwards (runPairsCsv). Triggers of the connection stay as they are.
 */
export async function startCleanUpConnection(
  ctx: ServiceContext,
  input: { connectionId: string },
): Promise<StartedRun> {
  const admin = requireAdmin(ctx);
  const { connectionId } = parseInput(z.object({ connectionId: z.uuid() }), input);
  const connection = await findConnection(ctx.db, connectionId);
  const total = await ctx.db.twin.count({ where: { connectionId, endedAt: null } });
  return startRun(ctx, admin, { kind: 'clean_up', connectionId, triggerId: null, subject: connection.name, total });
}
