/** Backoff towards a partner (C9): one failing partner costs one request now and then, whatever the number of twins. */
import type { Fault } from '#/engine/fault/faults.ts';
import { faults } from '#/engine/fault/faults.ts';
import type { Connection } from '#/db/models.ts';
import { backoffMs } from '#/kernel/backoff.ts';
import type { ServiceContext } from '../context.ts';
import { clearFaults } from '../error/record-fault.ts';
import { wakeTwins } from './wake-twins.ts';

const askAgainMs = 60_000;
const noteEveryMs = 5_000;

export async function partnerFailed(ctx: ServiceContext, connection: Connection, fault: Fault): Promise<void> {
  if (faults[fault.code].course === 'stays') {
    await ctx.db.connection.updateMany({
      where: { id: connection.id, status: 'active' },
      data: {
        status: 'error',
        statusCode: fault.code,
        statusDetail: fault.detail,
        statusSince: new Date(ctx.clock.now()),
      },
    });
  } else {
    const failures = Math.min(connection.partnerFailures + 1, 10);
    const pauseMs = Math.max(
      backoffMs(failures, { baseMs: 1_000, maxMs: 30_000 }, Math.random),
      fault.retryAfterMs ?? 0,
    );
    const retryAt = new Date(ctx.clock.now() + pauseMs);
    await ctx.db.connection.updateMany({
      // 0 as well: another lane may have had an answer meanwhile, and an error without a failure would never be resolved.
      where: { id: connection.id, partnerFailures: { in: [connection.partnerFailures, 0] } },
      data: { partnerFailures: failures, partnerRetryAt: retryAt },
    });
  }
  await ctx.wake.pages({ kind: 'connection', id: connection.id });
}

/** The partner's end is deactivated: nothing is wrong, and nothing is sent until it says otherwise or is asked again (B6). */
export async function partnerPaused(ctx: ServiceContext, connection: Connection): Promise<Date> {
  const askAgainAt = new Date(ctx.clock.now() + askAgainMs);
  await ctx.db.connection.updateMany({
    where: { id: connection.id },
    data: { partnerDeactivated: true, partnerRetryAt: askAgainAt },
  });
  await ctx.wake.pages({ kind: 'connection', id: connection.id });
  return askAgainAt;
}

/** For the Connections page: when something last travelled. Many lanes share the row, so it is written now and then only, by the first of them. */
export async function noteLastSync(
  ctx: ServiceContext,
  connection: Connection,
  twin: { lastSyncInAt: Date | null; lastSyncOutAt: Date | null },
): Promise<void> {
  const old = (noted: Date | null, at: Date | null): boolean =>
    at !== null && at.getTime() - (noted?.getTime() ?? 0) > noteEveryMs;
  if (!old(connection.lastSyncInAt, twin.lastSyncInAt) && !old(connection.lastSyncOutAt, twin.lastSyncOutAt)) return;
  await ctx.db.$executeRaw`
    UPDATE connection SET "lastSyncInAt" = GREATEST("lastSyncInAt", ${twin.lastSyncInAt}::timestamptz),
      "lastSyncOutAt" = GREATEST("lastSyncOutAt", ${twin.lastSyncOutAt}::timestamptz)
    WHERE id = (SELECT id FROM connection WHERE id = ${connection.id}::uuid
      AND "lastSyncInAt" IS NOT DISTINCT FROM ${connection.lastSyncInAt}::timestamptz
      AND "lastSyncOutAt" IS NOT DISTINCT FROM ${connection.lastSyncOutAt}::timestamptz FOR NO KEY UPDATE SKIP LOCKED)`;
  await ctx.wake.pages({ kind: 'connection', id: connection.id });
}

/** After a turn without failure; writes only when there had been one. Lanes that wait for the partner go on at once. */
export async function partnerAnswered(
  ctx: ServiceContext,
  connection: Connection,
  { failedBefore = false }: { failedBefore?: boolean } = {},
): Promise<void> {
  // A lane that had failed may have reported its error after another one had resolved all.
  if (connection.partnerFailures === 0 && !failedBefore) return;
  await ctx.db.connection.updateMany({
    where: { id: connection.id },
    data: { partnerFailures: 0, partnerRetryAt: null },
  });
  await clearFaults(ctx, { connectionId: connection.id });
  await wakeFailed(ctx, connection);
  await ctx.wake.pages({ kind: 'connection', id: connection.id });
}

/** Lanes that failed and wait for their next attempt make it now. */
export async function wakeFailed(ctx: ServiceContext, connection: Pick<Connection, 'id'>): Promise<void> {
  const rows = await ctx.db.$queryRaw<{ id: string }[]>`
    UPDATE twin SET "wakeAt" = now()
    WHERE "connectionId" = ${connection.id}::uuid AND "wakeAt" > now() AND attempts > 0 RETURNING id`;
  await wakeTwins(
    ctx,
    rows.map(({ id }) => id),
  );
}
