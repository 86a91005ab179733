import { z } from 'zod';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { askJira } from '../trigger/check-jql.ts';
import { findTrigger } from '../trigger/find-trigger.ts';
import { startRun } from './start-run.ts';
import type { StartedRun } from './start-run.ts';

/** Takes all issues out of sync that match the trigger now. Content stays on both sides. An active trigger does not put them back. */
export async function startBulkUnexalate(ctx: ServiceContext, input: { triggerId: string }): Promise<StartedRun> {
  const admin = requireAdmin(ctx);
  const { triggerId } = parseInput(z.object({ triggerId: z.uuid() }), input);
  const { connection, jql } = await findTrigger(ctx, triggerId);
  const { matches } = await askJira(ctx, jql);
  return startRun(ctx, admin, {
    kind: 'unexalate',
    connectionId: connection.id,
    triggerId,
    subject: jql,
    jql,
    total: matches,
  });
}
