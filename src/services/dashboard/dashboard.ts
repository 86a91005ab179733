import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { countQueue, type QueueCounts } from '../queue/count-queue.ts';
import { activity, type ActivityBar, type Period } from './activity.ts';

export interface Dashboard {
  underSync: number;
  connections: { active: number; all: number };
  twins: ReadonlyArray<{ status: string; count: number }>;
  openErrors: number;
  queue: QueueCounts;
  /** From noticing a change to the partner having it, of the last deliveries, in milliseconds; null when there are none. */
  latency: { median: number; p95: number } | null;
  /** How long the oldest event that waits to be sent has waited, in seconds; null when none waits. */
  oldestOutgoingSeconds: number | null;
  activity: ActivityBar[];
}

/** So many deliveries are the latency, among so many of the newest entries of all timelines. */
const deliveries = 200;
const looked = 5_000;

/** What the Dashboard shows. */
export async function dashboard(ctx: ServiceContext, input: { period: Period }): Promise<Dashboard> {
  requireAdmin(ctx);
  const [twins, [connections], openErrors, queue, [oldest], [latency], bars] = await Promise.all([
    ctx.db.$queryRaw<Array<{ status: string; count: number }>>`
      SELECT status::text AS status, count(*)::int AS count FROM twin WHERE "endedAt" IS NULL GROUP BY twin.status ORDER BY 2 DESC`,
    ctx.db.$queryRaw<Array<{ active: number; all: number }>>`
      SELECT count(*) FILTER (WHERE status = 'active')::int AS active, count(*)::int AS all FROM connection WHERE type <> 'local' OR side = 'initiator'`,
    ctx.db.syncError.count({ where: { resolvedAt: null } }),
    countQueue(ctx.db),
    ctx.db.$queryRaw<
      Array<{ seconds: number | null }>
    >`SELECT extract(epoch FROM now() - "createdAt")::int AS seconds FROM sync_event ORDER BY seq LIMIT 1`,
    ctx.db.$queryRaw<Array<{ median: number | null; p95: number | null }>>`
      SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY ms) AS median, percentile_disc(0.95) WITHIN GROUP (ORDER BY ms) AS p95
      FROM (
        SELECT (data->>'ms')::float8 AS ms FROM (SELECT id, kind, data FROM timeline_entry ORDER BY id DESC LIMIT ${looked}) newest
        WHERE kind = 'sent' AND data ? 'ms' ORDER BY id DESC LIMIT ${deliveries}
      ) sent`,
    activity(ctx.db, input.period, null),
  ]);
  return {
    underSync: twins.reduce((sum, { count }) => sum + count, 0),
    connections: connections ?? { active: 0, all: 0 },
    twins,
    openErrors,
    queue,
    latency:
      typeof latency?.median === 'number' ? { median: latency.median, p95: latency.p95 ?? latency.median } : null,
    oldestOutgoingSeconds: oldest?.seconds ?? null,
    activity: bars,
  };
}
