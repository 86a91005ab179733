import { z } from 'zod';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { activity, type ActivityBar } from './activity.ts';

export interface ConnectionStatistics {
  issues: number;
  comments: number;
  attachments: number;
  lastSyncIn: Date | null;
  lastSyncOut: Date | null;
  activity: ActivityBar[];
}

/** What is under sync in one connection, and how busy it was. */
export async function connectionStatistics(
  ctx: ServiceContext,
  input: { connectionId: string },
): Promise<ConnectionStatistics> {
  requireAdmin(ctx);
  const { connectionId } = parseInput(z.object({ connectionId: z.uuid() }), input);
  const [rows, bars] = await Promise.all([
    ctx.db.$queryRaw<Array<Omit<ConnectionStatistics, 'activity'>>>`
      SELECT t.issues, t.comments, t.attachments, c."lastSyncInAt" AS "lastSyncIn", c."lastSyncOutAt" AS "lastSyncOut"
      FROM connection c CROSS JOIN LATERAL (
        SELECT count(*)::int AS issues, coalesce(sum("commentCount"), 0)::int AS comments,
          coalesce(sum("attachmentCount"), 0)::int AS attachments
        FROM twin WHERE "connectionId" = c.id AND "endedAt" IS NULL
      ) t
      WHERE c.id = ${connectionId}::uuid`,
    activity(ctx.db, 'daily', connectionId),
  ]);
  const [row] = rows;
  return {
    ...(row ?? { issues: 0, comments: 0, attachments: 0, lastSyncIn: null, lastSyncOut: null }),
    activity: bars,
  };
}
