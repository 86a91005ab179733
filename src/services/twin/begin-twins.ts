/** Putting local issues under sync: the one place for a click, a trigger and a bulk run (B1, B2). */
import type { Connection, Prisma } from '#/db/models.ts';
import type { ServiceContext } from '../context.ts';
import { beingCreated } from './mark.ts';

export interface IssueToBegin {
  id: string;
  key: string;
  projectKey: string;
  createdMs: number;
  /** Known to be made by somebody else than the proxy user, so no creation of sync. */
  foreign?: boolean;
}

export type Beginning =
  | { kind: 'started'; twinId: string }
  | { kind: 'already'; twinId: string }
  /** Sync may be creating this very issue as a twin at this moment; it is known soon. */
  | { kind: 'postponed' }
  /** The connection is not active any more. */
  | { kind: 'inactive' };

export interface BeginOptions {
  /** Who asked for it, as the timeline shows it. */
  by: string;
  /** 0 for what somebody waits for, 10 for bulk work. */
  priority?: number;
  /** Set while two existing issues are being paired. */
  connect?: Prisma.InputJsonObject;
  remoteIssueKey?: string;
}

/** Lanes of bulk work come after single changes until their first sync is done. */
export const bulkPriority = 10;

/** Clocks of two machines, and of Jira and this node, may differ by this much. */
const clockSlackMs = 120_000;

/**
 * One twin per issue, whoever asks and however often: an issue that is under sync at either end of the connection keeps
 * its twin, and the unique index decides races. An issue that sync is just creating is no twin's issue yet; while a creation
 * is open, issues that carry its mark are left for later, and in its project all that young ones, or they would be sent back
 * as new ones.
 */
export async function beginTwins(
  ctx: ServiceContext,
  connection: Pick<Connection, 'id' | 'uid'>,
  issues: readonly IssueToBegin[],
  options: BeginOptions,
): Promise<ReadonlyMap<string, Beginning>> {
  if (issues.length === 0) return new Map();
  const { by, priority = 0, connect = null, remoteIssueKey = null } = options;
  const created = await beingCreated(ctx, connection.uid, issues);
  const wanted = issues.map((issue) => ({
    foreign: false,
    ...issue,
    marked: created.has(issue.id),
    twinId: ctx.ids.uuid(),
    uid: ctx.ids.uuid(),
  }));
  const rows = await ctx.db.$queryRaw<{ id: string; twinId: string | null; kind: Beginning['kind'] }[]>`
    WITH wanted AS (
      SELECT * FROM jsonb_to_recordset(${JSON.stringify(wanted)}::jsonb)
        AS r(id text, key text, "projectKey" text, "createdMs" float8, "foreign" boolean, marked boolean, "twinId" uuid, uid uuid)
    ), known AS (
      SELECT DISTINCT ON (t."localIssueId") t."localIssueId" AS id, t.id AS "twinId"
      FROM twin t JOIN connection c ON c.id = t."connectionId"
      WHERE c.uid = ${connection.uid}::uuid AND t."endedAt" IS NULL AND t."localIssueId" IN (SELECT id FROM wanted)
    ), creating AS (
      SELECT w.detail->>'projectKey' AS "projectKey",
        min(extract(epoch FROM w."startedAt") * 1000 - ${clockSlackMs}) AS "sinceMs"
      FROM write_intent w JOIN twin t ON t.id = w."twinId" JOIN connection c ON c.id = t."connectionId"
      WHERE w.kind = 'create_issue' AND c.uid = ${connection.uid}::uuid AND t."localIssueId" IS NULL
      GROUP BY 1
    ), postponed AS (
      SELECT wanted.id FROM wanted LEFT JOIN creating USING ("projectKey")
      WHERE (wanted.marked OR (wanted."createdMs" >= creating."sinceMs" AND NOT wanted."foreign"))
        AND wanted.id NOT IN (SELECT id FROM known)
    ), started AS (
      INSERT INTO twin (id, uid, "connectionId", "localIssueId", "localIssueKey", "localProjectKey", "remoteIssueKey",
        "exalatedBy", "wakeAt", priority, "connect")
      SELECT wanted."twinId", wanted.uid, c.id, wanted.id, wanted.key, wanted."projectKey", ${remoteIssueKey}::text,
        ${by}, now(), ${priority}::smallint, ${connect === null ? null : JSON.stringify(connect)}::jsonb
      FROM wanted JOIN connection c ON c.id = ${connection.id}::uuid AND c.status = 'active'
      WHERE wanted.id NOT IN (SELECT id FROM known) AND wanted.id NOT IN (SELECT id FROM postponed)
      ON CONFLICT DO NOTHING
      RETURNING id, "localIssueId", "localIssueKey"
    ), noted AS (
      INSERT INTO timeline_entry ("twinId", kind, data)
      SELECT id, 'exalated', jsonb_build_object('by', ${by}::text, 'key', "localIssueKey") FROM started
    )
    SELECT wanted.id, COALESCE(started.id, known."twinId")::text AS "twinId",
      CASE WHEN started.id IS NOT NULL THEN 'started' WHEN known."twinId" IS NOT NULL THEN 'already'
        WHEN postponed.id IS NOT NULL THEN 'postponed' ELSE 'inactive' END AS kind
    FROM wanted LEFT JOIN started ON started."localIssueId" = wanted.id LEFT JOIN known ON known.id = wanted.id
      LEFT JOIN postponed ON postponed.id = wanted.id`;
  const result = new Map(rows.map(({ id, twinId, kind }) => [id, beginning(kind, twinId)]));
  await nameWinners(ctx, connection, result);
  return result;
}

function beginning(kind: Beginning['kind'], twinId: string | null): Beginning {
  return (kind === 'started' || kind === 'already') && twinId !== null
    ? { kind, twinId }
    : { kind: kind === 'postponed' ? kind : 'inactive' };
}

/** Somebody else's insert may have been the first one while ours ran: then there is a twin that our statement could not see. */
async function nameWinners(
  ctx: ServiceContext,
  connection: Pick<Connection, 'uid'>,
  result: Map<string, Beginning>,
): Promise<void> {
  const open = [...result].filter(([, { kind }]) => kind === 'inactive').map(([id]) => id);
  if (open.length === 0) return;
  const twins = await ctx.db.twin.findMany({
    where: { localIssueId: { in: open }, endedAt: null, connection: { uid: connection.uid } },
    select: { id: true, localIssueId: true },
  });
  for (const { id, localIssueId } of twins)
    if (localIssueId !== null) result.set(localIssueId, { kind: 'already', twinId: id });
}
