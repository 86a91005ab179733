import { Prisma } from '#/db/generated/client.ts';
import type { Db } from '#/db/client.ts';

export const periods = ['daily', 'weekly', 'monthly', 'quarterly'] as const;
export type Period = (typeof periods)[number];

export interface ActivityBar {
  label: string;
  value: number;
}

/** PostgreSQL's name of the unit, and how many of them are shown. */
const units: Record<Period, { unit: string; step: string; count: number }> = {
  daily: { unit: 'day', step: '1 day', count: 30 },
  weekly: { unit: 'week', step: '1 week', count: 26 },
  monthly: { unit: 'month', step: '1 month', count: 12 },
  quarterly: { unit: 'quarter', step: '3 months', count: 8 },
};

/** Kinds of timeline entries that are synchronisation: content that went out, came in or was written. */
export const activityKinds = ['created', 'sent', 'received', 'edited'];

/**
 * How much was synchronised per day, week, month or quarter, in UTC, the current one last. Counted already but for the last
 * minutes ({@link rollUpActivity}), whose entries are read.
 */
export async function activity(db: Db, period: Period, connectionId: string | null): Promise<ActivityBar[]> {
  const { unit, step, count } = units[period];
  // Given as a value: from a sub-query the planner would not know that this is the end of the timeline.
  const counted = await db.node.findUnique({ where: { id: 1 }, select: { activityUntil: true } });
  const since = counted?.activityUntil ?? new Date(0);
  const [joined, ofConnection] =
    connectionId === null
      ? [Prisma.empty, Prisma.empty]
      : [Prisma.sql`JOIN twin t ON t.id = e."twinId"`, Prisma.sql`AND "connectionId" = ${connectionId}::uuid`];
  const rows = await db.$queryRaw<Array<{ at: string; value: number }>>`
    WITH span AS (
      SELECT generate_series(
        date_trunc(${unit}, now() AT TIME ZONE 'UTC') - ${count - 1}::int * ${step}::interval,
        date_trunc(${unit}, now() AT TIME ZONE 'UTC'), ${step}::interval) AS at),
    done AS (
      SELECT date_trunc(${unit}, day::timestamp) AS at, sum(count) AS value FROM activity_day
      WHERE day >= (SELECT min(at) FROM span) ${ofConnection}
      GROUP BY 1
      UNION ALL
      SELECT date_trunc(${unit}, e.at AT TIME ZONE 'UTC'), count(*) FROM timeline_entry e ${joined}
      WHERE e.kind = ANY(${activityKinds}) AND e.at >= ${since}::timestamptz ${ofConnection}
      GROUP BY 1)
    SELECT to_char(span.at, 'YYYY-MM-DD') AS at, coalesce(sum(done.value), 0)::int AS value
    FROM span LEFT JOIN done USING (at) GROUP BY span.at ORDER BY span.at`;
  return rows.map(({ at, value }) => ({ label: labelOf(at, period), value }));
}

function labelOf(date: string, period: Period): string {
  const [year, month] = date.split('-');
  if (period === 'monthly') return `${year}-${month}`;
  if (period === 'quarterly') return `${year} Q${Math.ceil(Number(month) / 3)}`;
  return date;
}
