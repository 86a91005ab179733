/** Storing what the partner sends before it is acknowledged (D3). Merging and writing to Jira is the lane's business. */
import { TrackerError } from '#/engine/ports.ts';
import type { Message, MessageResult } from '#/engine/protocol/messages.ts';
import type { ServiceContext } from '../context.ts';
import { bulkPriority } from '../twin/begin-twins.ts';
import { bindTwin, type BindRefusal } from '../twin/bind-twin.ts';
import { passCrashPoint } from './tuning.ts';

/**
 * The result of each message. One that asks for an issue while Jira does not answer has none: it is to be sent again later,
 * and holds back no other. Throws Jira's error when that is so for all of them.
 */
export async function receiveMessages(
  ctx: ServiceContext,
  input: { connectionId: string; messages: readonly Message[] },
): Promise<MessageResult[]> {
  const results: MessageResult[] = [];
  const woken: string[] = [];
  let unanswered: TrackerError | null = null;
  for (const message of input.messages) {
    const refusal = message.kind === 'connect' ? await bound(ctx, input.connectionId, message) : null;
    if (refusal instanceof TrackerError) {
      unanswered = refusal;
      continue;
    }
    if (refusal !== null) {
      results.push({ id: message.id, result: 'refused', reason: refusal });
      continue;
    }
    const twin = await storeMessage(ctx, input.connectionId, message);
    const twinId = twin?.id ?? null;
    passCrashPoint(ctx, 'request stored', twinId);
    // Bulk work is found by the workers' own look at what is due, which begins with single changes.
    if (twin !== null && twin.priority === 0) woken.push(twin.id);
    results.push(
      twinId === null && message.kind === 'update'
        ? { id: message.id, result: 'refused', reason: 'unknown_twin' }
        : { id: message.id, result: 'stored', reason: null },
    );
  }
  if (woken.length > 0) await ctx.wake.twins(woken);
  if (unanswered !== null && results.length === 0) throw unanswered;
  return results;
}

async function bound(
  ctx: ServiceContext,
  connectionId: string,
  message: Message,
): Promise<BindRefusal | TrackerError | null> {
  try {
    return await bindTwin(ctx, connectionId, message);
  } catch (error) {
    if (error instanceof TrackerError) return error;
    throw error;
  }
}

/**
 * The twin whose lane now has the message, null when there is no such twin. Storing the same message again
 * changes nothing; one that had been merged before is merged again, which changes nothing either. Of bulk work, what has
 * begun is finished before more is begun.
 */
async function storeMessage(
  ctx: ServiceContext,
  connectionId: string,
  message: Message,
): Promise<{ id: string; priority: number } | null> {
  if (message.kind === 'exalate') await beginTwin(ctx, connectionId, message);
  const rows = await ctx.db.$queryRaw<{ id: string; priority: number }[]>`
    WITH woken AS (
      UPDATE twin SET "wakeAt" = LEAST("wakeAt", now()),
        priority = LEAST(priority, ${bulkPriority - 1}::smallint),
        "cleanedAt" = CASE WHEN ${message.ended === 'cleaned_up'} THEN now() ELSE "cleanedAt" END
      WHERE "connectionId" = ${connectionId}::uuid AND uid = ${message.twin}::uuid
      RETURNING id, priority
    ), stored AS (
      INSERT INTO sync_request (id, "connectionId", "twinId", number, kind, replica)
      SELECT ${message.id}::uuid, ${connectionId}::uuid, woken.id, ${message.number}, ${message.kind},
        ${JSON.stringify(message)}::jsonb
      FROM woken ON CONFLICT (id) DO NOTHING
    )
    SELECT id, priority FROM woken`;
  return rows[0] ?? null;
}

/** A new pair for an issue that the partner took out of sync before replaces the old one; hearing of it again changes nothing. */
async function beginTwin(ctx: ServiceContext, connectionId: string, message: Message): Promise<void> {
  const { issue } = message;
  if (issue === null) return;
  await ctx.db.$transaction([
    ctx.db.$executeRaw`
      UPDATE twin SET "endedAt" = now(), status = 'unexalated', "wakeAt" = LEAST("wakeAt", now())
      WHERE "connectionId" = ${connectionId}::uuid AND "remoteIssueId" = ${issue.id}
        AND uid <> ${message.twin}::uuid AND "endedAt" IS NULL
        AND NOT EXISTS (SELECT 1 FROM twin known WHERE known."connectionId" = ${connectionId}::uuid AND known.uid = ${message.twin}::uuid)`,
    ctx.db.$executeRaw`
      INSERT INTO twin (id, "connectionId", uid, "remoteIssueId", "remoteIssueKey", "exalatedBy", priority)
      VALUES (${ctx.ids.uuid()}::uuid, ${connectionId}::uuid, ${message.twin}::uuid, ${issue.id}, ${issue.key}, 'partner', ${message.bulk === true ? bulkPriority : 0}::smallint)
      ON CONFLICT ("connectionId", uid) DO NOTHING`,
  ]);
}
