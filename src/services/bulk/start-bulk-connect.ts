import { z } from 'zod';
import { mostPairs } from '#/engine/csv/key-pairs.ts';
import { isIssueKey } from '#/engine/twin/issue-key.ts';
import { findConnection } from '../connection/find-connection.ts';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { ServiceError } from '../errors.ts';
import { connectOptionsSchema } from '../twin/connect-state.ts';
import { startRun } from './start-run.ts';
import type { StartedRun } from './start-run.ts';
import { plainText } from '../plain-text.ts';

const keySchema = z.string().trim().toUpperCase().refine(isIssueKey, 'A line is not a pair of issue keys.');
const inputSchema = connectOptionsSchema.partial().extend({
  connectionId: z.uuid('Please choose a connection.'),
  rows: z
    .array(z.object({ line: z.number().int().optional(), localKey: keySchema, remoteKey: keySchema }))
    .min(1, 'There are no pairs to connect.')
    .max(mostPairs, `At most ${mostPairs} pairs can be connected at once.`),
  /** Name of the file, shown with the run. */
  filename: plainText(300).default('CSV'),
});

/** Connects the pairs in the background. A pair that cannot be connected never stops the others. */
export async function startBulkConnect(ctx: ServiceContext, input: z.input<typeof inputSchema>): Promise<StartedRun> {
  const admin = requireAdmin(ctx);
  const { connectionId, rows, filename, existing, winner } = parseInput(inputSchema, input);
  const connection = await findConnection(ctx.db, connectionId);
  if (connection.status !== 'active') {
    throw new ServiceError('conflict', {
      summary: `The connection "${connection.name}" is not active.`,
      why: 'Issues can be connected over an active connection only.',
      remedy: 'Activate the connection first.',
    });
  }
  const options = { existing: existing ?? { comments: true, attachments: true }, winner: winner ?? 'local' };
  const run = {
    kind: 'connect' as const,
    connectionId,
    triggerId: null,
    subject: filename,
    options,
    total: rows.length,
    listed: true,
  };
  return startRun(ctx, admin, run, async (tx, runId) => {
    await tx.bulkItem.createMany({
      data: rows.map(({ line, localKey, remoteKey }, index) => ({
        runId,
        subject: `${index}:${line ?? index + 1}`,
        localKey,
        remoteKey,
      })),
    });
  });
}
