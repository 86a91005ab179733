import { z } from 'zod';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { ServiceError } from '../errors.ts';
import { askJira } from '../trigger/check-jql.ts';
import { findTrigger } from '../trigger/find-trigger.ts';
import { startRun } from './start-run.ts';
import type { StartedRun } from './start-run.ts';

/** Puts all issues under sync that match the trigger now, and has a look at those that are already (B4). */
export async function startBulkExalate(ctx: ServiceContext, input: { triggerId: string }): Promise<StartedRun> {
  const admin = requireAdmin(ctx);
  const { triggerId } = parseInput(z.object({ triggerId: z.uuid() }), input);
  const { connection, jql } = await findTrigger(ctx, triggerId);
  if (connection.status !== 'active') {
    throw new ServiceError('conflict', {
      summary: `The connection "${connection.name}" is not active.`,
      why: 'Issues can be put under sync over an active connection only.',
      remedy: 'Activate the connection first.',
    });
  }
  const { matches } = await askJira(ctx, jql);
  return startRun(ctx, admin, {
    kind: 'exalate',
    connectionId: connection.id,
    triggerId,
    subject: jql,
    jql,
    total: matches,
  });
}
