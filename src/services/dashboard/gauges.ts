import type { ServiceContext } from '../context.ts';
import { lastVerify } from '../verify/verify-status.ts';
import { countQueue, type QueueCounts } from '../queue/count-queue.ts';

export interface Gauges {
  queue: QueueCounts;
  errors: ReadonlyArray<{ impact: string; count: number }>;
  twins: ReadonlyArray<{ status: string; count: number }>;
  connections: ReadonlyArray<{ status: string; count: number }>;
  oldestOutgoingSeconds: number;
  /** The last verification that came to its end. */
  verify: Awaited<ReturnType<typeof lastVerify>>;
}

/** Figures for the metrics endpoint, the same that the pages show. */
export async function gauges(ctx: ServiceContext): Promise<Gauges> {
  const [queue, errors, twins, connections, [oldest], verify] = await Promise.all([
    countQueue(ctx.db),
    ctx.db.$queryRaw<Array<{ impact: string; count: number }>>`
      SELECT impact, count(*)::int AS count FROM sync_error WHERE "resolvedAt" IS NULL GROUP BY 1`,
    ctx.db.$queryRaw<
      Array<{ status: string; count: number }>
    >`SELECT status::text AS status, count(*)::int AS count FROM twin GROUP BY twin.status`,
    ctx.db.$queryRaw<
      Array<{ status: string; count: number }>
    >`SELECT status::text AS status, count(*)::int AS count FROM connection GROUP BY 1`,
    ctx.db.$queryRaw<
      Array<{ seconds: number | null }>
    >`SELECT extract(epoch FROM now() - "createdAt")::float8 AS seconds FROM sync_event ORDER BY seq LIMIT 1`,
    lastVerify(ctx.db),
  ]);
  return { queue, errors, twins, connections, oldestOutgoingSeconds: oldest?.seconds ?? 0, verify };
}
