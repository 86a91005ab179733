/** Many twins at once that are in sync already: issues in both Jiras, and the rows as a first sync leaves them. */
import { randomUUID } from 'node:crypto';
import type { Company } from './company.ts';
import { makeIssues } from './issues.ts';
import type { Issue } from './issues.ts';
import { commentsEach } from './scale.ts';
import type { World } from './world.ts';

export async function inventTwins(world: World, count: number): Promise<void> {
  const [a, b] = [await invented(world.a, count), await invented(world.b, count)];
  const uids = a.map(() => randomUUID());
  await insert(world.a, { own: a, other: b, uids, exalatedBy: 'admin' });
  await insert(world.b, { own: b, other: a, uids, exalatedBy: 'partner' });
}

/** Issues of yesterday: what is new in a Jira is read again by each poll for a while, which is another matter. */
async function invented(company: Company, count: number): Promise<Issue[]> {
  await company.control.configure({ clockOffsetMs: -24 * 3_600_000 });
  try {
    return await makeIssues(company, { count, summary: 'One of many', commentsEach });
  } finally {
    await company.control.configure({ clockOffsetMs: 0 });
  }
}

async function insert(
  { ctx, connectionId }: Company,
  twins: { own: readonly Issue[]; other: readonly Issue[]; uids: readonly string[]; exalatedBy: string },
): Promise<void> {
  const rows = twins.own.map(({ id, key }, index) => ({
    uid: twins.uids[index],
    id,
    key,
    remoteId: twins.other[index]?.id,
    remoteKey: twins.other[index]?.key,
  }));
  const stamp = { time: Date.now(), side: 'initiator' };
  const field = { value: 'One of many', stamp, acked: stamp, realized: { text: 'One of many', stamp } };
  const fields = JSON.stringify({ summary: field, description: field, issueType: field });
  await ctx.db.$executeRaw`
    WITH twins AS (
      INSERT INTO twin (id, "connectionId", uid, "localIssueId", "localIssueKey", "localProjectKey", "remoteIssueId",
        "remoteIssueKey", status, "exalatedBy", fields, "localUpdatedAt", "localReadAt", "outNumber", "inNumber")
      SELECT gen_random_uuid(), ${connectionId}::uuid, r.uid, r.id, r.key, 'TEST', r."remoteId", r."remoteKey",
        'synchronized', ${twins.exalatedBy}, ${fields}::jsonb, now(), now() + interval '1 minute', 1, 1
      FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) AS r(uid uuid, id text, key text, "remoteId" text, "remoteKey" text)
      RETURNING id
    )
    INSERT INTO comment_trace (id, "twinId", uid, "localId", body, "authorName", "createdMs", "stampTime", "stampSide")
    SELECT gen_random_uuid(), twins.id, 'initiator:' || twins.id || n, 'x' || n, 'Comment', 'Alice Admin', 0, 0, 'initiator'
    FROM twins, generate_series(1, ${commentsEach}::int) AS n`;
  await ctx.db.$executeRaw`ANALYZE`;
}
