/** What stops the partner stops the pair: its error is open on this side too, for as long as the partner reports it. */
import { Prisma } from '#/db/generated/client.ts';
import type { FaultCode } from '#/engine/fault/faults.ts';
import { clearReported, recordReported } from '../error/record-fault.ts';
import type { Lane } from './lane.ts';
import { remoteProgress } from './remote-progress.ts';
import type { RemoteProgress } from './remote-progress.ts';

/** What could not be read for the partner is an open error of this side already. */
const known: ReadonlySet<string> = new Set<FaultCode>(['partner_file_unreadable']);

/** Call it before what was merged is saved; `before` is what the partner had said until then. Doing it again counts once more. */
export async function noteReported(lane: Lane, before: RemoteProgress): Promise<void> {
  const { ctx, twin, connection, fence } = lane;
  // Both ends of a local connection have their errors on this node.
  if (connection.type === 'local') return;
  const was = before.error ?? null;
  const now = twin.endedAt === null ? (remoteProgress(twin).error ?? null) : null;
  if (was?.code === now?.code && was?.detail === now?.detail) return;
  if (was !== null && was.code !== now?.code) await clearReported(ctx, twin.id);
  if (now !== null && !known.has(now.code))
    await recordReported(ctx, now, { twinId: twin.id, connectionId: connection.id, fence });
}

/**
 * Part of an UPDATE of twin: where the partner is stuck, what it was told counts as not told. The lane then sends a message,
 * however little is in it, and a message wakes the partner's lane, which tries again.
 */
export const partnerTriesAgain = Prisma.sql`
  "reportedState" = CASE WHEN "remoteProgress"->>'error' IS NULL THEN "reportedState" ELSE '' END`;
