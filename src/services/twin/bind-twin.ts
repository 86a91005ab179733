/** The partner asks to pair its issue with one of ours. */
import { TrackerError } from '#/engine/ports.ts';
import type { TrackerIssue } from '#/engine/ports.ts';
import type { Message } from '#/engine/protocol/messages.ts';
import type { ServiceContext } from '../context.ts';
import { bulkPriority } from './begin-twins.ts';
import type { ConnectState } from './connect-state.ts';

export type BindRefusal = 'connect_not_found' | 'connect_under_sync' | 'connect_same_issue' | 'connect_dropped';

/** Binds our issue to the partner's twin and stores the request with it; gives why not. Asking again changes nothing. */
export async function bindTwin(
  ctx: ServiceContext,
  connectionId: string,
  message: Message,
): Promise<BindRefusal | null> {
  if (message.connect === undefined || message.issue === null) return 'connect_not_found';
  const known = await ctx.db.twin.count({ where: { connectionId, uid: message.twin } });
  if (known > 0) return null;
  // The parts before were forgotten together with their twin.
  if ((message.connect.part ?? 0) > 0) return 'connect_dropped';
  const issue = await visibleIssue(ctx, message.connect.issueKey);
  if (issue === null) return 'connect_not_found';
  const refusal = await underSync(ctx, connectionId, issue, message);
  return refusal ?? bind(ctx, connectionId, issue, message);
}

async function visibleIssue(ctx: ServiceContext, key: string): Promise<TrackerIssue | null> {
  try {
    return await ctx.jira().readIssue(key);
  } catch (error) {
    if (error instanceof TrackerError && (error.code === 'not_found' || error.code === 'forbidden')) return null;
    throw error;
  }
}

/** In a local connection both ends count. A pair with the same issue of the partner is one that the partner has ended. */
async function underSync(
  ctx: ServiceContext,
  connectionId: string,
  issue: TrackerIssue,
  message: Message,
): Promise<BindRefusal | null> {
  const { uid } = await ctx.db.connection.findUniqueOrThrow({ where: { id: connectionId }, select: { uid: true } });
  const twin = await ctx.db.twin.findFirst({
    where: {
      localIssueId: issue.id,
      endedAt: null,
      connection: { uid },
      OR: [
        { connectionId: { not: connectionId } },
        { remoteIssueId: null },
        { remoteIssueId: { not: message.issue?.id ?? '' } },
      ],
    },
    select: { uid: true },
  });
  if (twin === null) return null;
  return twin.uid === message.twin ? 'connect_same_issue' : 'connect_under_sync';
}

async function bind(
  ctx: ServiceContext,
  connectionId: string,
  issue: TrackerIssue,
  message: Message,
): Promise<BindRefusal | null> {
  const { connect, issue: theirs } = message;
  if (connect === undefined || theirs === null) return 'connect_not_found';
  const state: ConnectState = {
    role: 'asked',
    existing: { comments: connect.comments, attachments: connect.attachments },
    winner: connect.winner === 'receiver' ? 'local' : 'remote',
  };
  const [, , stored] = await ctx.db.$transaction([
    ctx.db.$executeRaw`
      UPDATE twin SET "endedAt" = now(), status = 'unexalated'
      WHERE "connectionId" = ${connectionId}::uuid AND "remoteIssueId" = ${theirs.id}
        AND uid <> ${message.twin}::uuid AND "endedAt" IS NULL`,
    ctx.db.$executeRaw`
      INSERT INTO twin (id, "connectionId", uid, "localIssueId", "localIssueKey", "localProjectKey",
        "remoteIssueId", "remoteIssueKey", "exalatedBy", "connect", priority)
      VALUES (${ctx.ids.uuid()}::uuid, ${connectionId}::uuid, ${message.twin}::uuid, ${issue.id}, ${issue.key},
        ${issue.projectKey}, ${theirs.id}, ${theirs.key}, 'partner', ${JSON.stringify(state)}::jsonb,
        ${message.bulk === true ? bulkPriority : 0}::smallint)
      ON CONFLICT DO NOTHING`,
    ctx.db.$executeRaw`
      INSERT INTO sync_request (id, "connectionId", "twinId", number, kind, replica)
      SELECT ${message.id}::uuid, ${connectionId}::uuid, id, ${message.number}, ${message.kind}, ${JSON.stringify(message)}::jsonb
      FROM twin WHERE "connectionId" = ${connectionId}::uuid AND uid = ${message.twin}::uuid
      ON CONFLICT (id) DO NOTHING`,
  ]);
  return stored === 0 ? 'connect_under_sync' : null;
}
