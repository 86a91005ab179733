/**
 * Writing a lane's state in one statement: twin, traces, intents, messages and timeline change together or not at all,
 * and only while the lane is still owned. One statement is one transaction, and costs one round trip.
 */
import type { CommentEntry, AttachmentEntry } from '#/engine/replica/state.ts';
import type { Stamp } from '#/engine/replica/stamp.ts';
import type { Message } from '#/engine/protocol/messages.ts';
import { LeaseLost } from './lane.ts';
import type { Intent, Lane } from './lane.ts';

export interface TimelineItem {
  kind: string;
  data: Record<string, unknown>;
}

export interface SaveChanges {
  /** Intent that begins with this save. */
  begin?: Intent;
  /** Requests that have been merged, beside those of the lane. */
  merged?: readonly string[];
  /** Event that was built. */
  newEvent?: Message;
  /** Event that is done with, beside those of the lane. */
  eventDone?: string;
}

/** Whether something has been learnt or done that the database does not know yet. */
export function isUnsaved({ merged, acknowledged, hintAnswered, answered, timeline }: Lane): boolean {
  return merged.length > 0 || acknowledged.length > 0 || hintAnswered || answered !== null || timeline.length > 0;
}

/**
 * Throws {@link LeaseLost}. Gives whether the lane may go on writing: not once the pair has ended, or its end is stored and
 * to be merged, or the connection works no more. An intent begins only if it may.
 */
export async function saveLane(lane: Lane, changes: SaveChanges = {}): Promise<{ mayWrite: boolean }> {
  const { twin, state, saved, ctx } = lane;
  const comments = changed(saved.comments, state.comments).map(commentRow);
  const attachments = changed(saved.attachments, state.attachments).map(attachmentRow);
  const timeline = [...lane.timeline];
  const ended = lane.answered;
  const begin = changes.begin === undefined ? [] : [changes.begin];
  const newEvent = changes.newEvent === undefined ? [] : [changes.newEvent];
  const merged = [...lane.merged, ...(changes.merged ?? [])];
  const eventsDone = [...lane.acknowledged, ...(changes.eventDone === undefined ? [] : [changes.eventDone])];

  const rows = await ctx.db.$queryRaw<{ mayWrite: boolean }[]>`
    WITH owned AS (
      UPDATE twin SET fields = ${JSON.stringify(state.fields)}::jsonb,
        status = CASE WHEN "endedAt" IS NULL OR ${twin.endedAt !== null} THEN ${twin.status}::twin_status ELSE status END,
        "errorCode" = ${twin.errorCode}, attempts = ${twin.attempts},
        "localIssueId" = ${twin.localIssueId}, "localIssueKey" = ${twin.localIssueKey},
        "localProjectKey" = ${twin.localProjectKey},
        "remoteIssueId" = ${twin.remoteIssueId}, "remoteIssueKey" = ${twin.remoteIssueKey},
        "localUpdatedAt" = ${twin.localUpdatedAt}::timestamptz, "localReadAt" = ${twin.localReadAt}::timestamptz,
        "hintedAt" = CASE WHEN ${twin.endedAt !== null} OR
            (${lane.hintAnswered} AND "hintedAt" IS NOT DISTINCT FROM ${lane.hint}::timestamptz)
          THEN NULL ELSE "hintedAt" END,
        "outNumber" = ${twin.outNumber}, "outContent" = ${twin.outContent}, "remoteApplied" = ${twin.remoteApplied},
        "inNumber" = ${twin.inNumber}, "inContent" = ${twin.inContent},
        "reportedApplied" = ${twin.reportedApplied},
        -- Only a message changes it: an admin may have asked for one since the lane was taken (reported-error).
        "reportedState" = CASE WHEN ${newEvent.length > 0 || twin.reportedState === ''} THEN ${twin.reportedState} ELSE "reportedState" END,
        "lastSyncInAt" = ${twin.lastSyncInAt}::timestamptz, "lastSyncOutAt" = ${twin.lastSyncOutAt}::timestamptz,
        -- A message may have ended the pair since the lane was taken (receive-messages); it never begins again.
        "endedAt" = COALESCE("endedAt", ${twin.endedAt}::timestamptz),
        "remoteProgress" = ${JSON.stringify(twin.remoteProgress)}::jsonb,
        "commentCount" = ${countHere(state.comments, ({ deleted }) => deleted === null)}::int,
        "attachmentCount" = ${countHere(state.attachments, ({ deleted }) => !deleted)}::int,
        "connect" = ${twin.connect === null ? null : JSON.stringify(twin.connect)}::jsonb,
        carried = ${twin.carried === null ? null : JSON.stringify(twin.carried)}::jsonb
      WHERE id = ${lane.twinId}::uuid AND fence = ${lane.fence}
      RETURNING id, "connectionId", "endedAt"
    ), going_on AS (
      SELECT owned.id FROM owned JOIN connection c ON c.id = owned."connectionId"
      WHERE owned."endedAt" IS NULL AND c.status = 'active' AND c.hold IS NULL
        AND NOT EXISTS (SELECT FROM sync_request r WHERE r."twinId" = owned.id AND r.kind = 'ended')
    ), comment_rows AS (
      INSERT INTO comment_trace (id, "twinId", uid, "localId", hidden, "atHome", body, "authorName", "authorLine", "createdMs",
        "stampTime", "stampSide", "deletedTime", "deletedSide", realized, "realizedTime", "realizedSide",
        "ackedTime", "ackedSide", "ackedDeletedTime", "ackedDeletedSide")
      SELECT gen_random_uuid(), owned.id, r.uid, r."localId", r.hidden, r."atHome", r.body, r."authorName", r."authorLine", r."createdMs",
        r."stampTime", r."stampSide", r."deletedTime", r."deletedSide", r.realized, r."realizedTime", r."realizedSide",
        r."ackedTime", r."ackedSide", r."ackedDeletedTime", r."ackedDeletedSide"
      FROM owned, jsonb_to_recordset(${JSON.stringify(comments)}::jsonb) AS r(
        uid text, "localId" text, hidden boolean, "atHome" boolean, body text, "authorName" text, "authorLine" text,
        "createdMs" bigint,
        "stampTime" bigint, "stampSide" side, "deletedTime" bigint, "deletedSide" side,
        realized text, "realizedTime" bigint, "realizedSide" side,
        "ackedTime" bigint, "ackedSide" side, "ackedDeletedTime" bigint, "ackedDeletedSide" side)
      ON CONFLICT ("twinId", uid) DO UPDATE SET "localId" = EXCLUDED."localId", hidden = EXCLUDED.hidden,
        "atHome" = EXCLUDED."atHome", body = EXCLUDED.body, "authorLine" = EXCLUDED."authorLine", "stampTime" = EXCLUDED."stampTime", "stampSide" = EXCLUDED."stampSide",
        "deletedTime" = EXCLUDED."deletedTime", "deletedSide" = EXCLUDED."deletedSide",
        realized = EXCLUDED.realized, "realizedTime" = EXCLUDED."realizedTime", "realizedSide" = EXCLUDED."realizedSide",
        "ackedTime" = EXCLUDED."ackedTime", "ackedSide" = EXCLUDED."ackedSide",
        "ackedDeletedTime" = EXCLUDED."ackedDeletedTime", "ackedDeletedSide" = EXCLUDED."ackedDeletedSide"
    ), attachment_rows AS (
      INSERT INTO attachment_trace (id, "twinId", uid, "localId", filename, "mimeType", "sizeBytes", sha256,
        "contentUrl", "authorName", "createdMs", "atHome", deleted, acked, "ackedDeleted")
      SELECT gen_random_uuid(), owned.id, r.uid, r."localId", r.filename, r."mimeType", r."sizeBytes", r.sha256,
        r."contentUrl", r."authorName", r."createdMs", r."atHome", r.deleted, r.acked, r."ackedDeleted"
      FROM owned, jsonb_to_recordset(${JSON.stringify(attachments)}::jsonb) AS r(
        uid text, "localId" text, filename text, "mimeType" text, "sizeBytes" bigint, sha256 text, "contentUrl" text,
        "authorName" text, "createdMs" bigint, "atHome" boolean, deleted boolean, acked boolean, "ackedDeleted" boolean)
      ON CONFLICT ("twinId", uid) DO UPDATE SET "localId" = EXCLUDED."localId", sha256 = EXCLUDED.sha256,
        "contentUrl" = EXCLUDED."contentUrl", "atHome" = EXCLUDED."atHome", deleted = EXCLUDED.deleted, acked = EXCLUDED.acked,
        "ackedDeleted" = EXCLUDED."ackedDeleted"
    ), intent_begun AS (
      INSERT INTO write_intent (id, "twinId", kind, subject, detail, fence, "startedAt")
      SELECT gen_random_uuid(), going_on.id, r.kind, r.subject, r.detail, ${lane.fence}, r."startedAt"
      FROM going_on, jsonb_to_recordset(${JSON.stringify(begin)}::jsonb) AS r(
        kind text, subject text, detail jsonb, "startedAt" timestamptz)
    ), intent_ended AS (
      DELETE FROM write_intent USING owned
      WHERE write_intent."twinId" = owned.id AND kind = ${ended?.kind ?? null} AND subject = ${ended?.subject ?? null}
    ), requests_merged AS (
      DELETE FROM sync_request USING owned
      WHERE sync_request."twinId" = owned.id AND sync_request.id = ANY(${merged}::uuid[])
    ), event_done AS (
      DELETE FROM sync_event USING owned
      WHERE sync_event."twinId" = owned.id AND sync_event.id = ANY(${eventsDone}::uuid[])
    ), event_new AS (
      INSERT INTO sync_event (id, "connectionId", "twinId", number, kind, replica)
      SELECT (r.m->>'id')::uuid, owned."connectionId", owned.id, (r.m->>'number')::int, r.m->>'kind', r.m
      FROM owned, jsonb_array_elements(${JSON.stringify(newEvent)}::jsonb) AS r(m)
    ), timeline_rows AS (
      INSERT INTO timeline_entry ("twinId", kind, data)
      SELECT owned.id, r.kind, r.data
      FROM owned, jsonb_to_recordset(${JSON.stringify(timeline)}::jsonb) AS r(kind text, data jsonb)
    )
    SELECT EXISTS (SELECT FROM going_on) AS "mayWrite" FROM owned`;
  const [row] = rows;
  if (row === undefined) throw new LeaseLost();
  lane.saved = state;
  lane.answered = null;
  lane.timeline.splice(0, timeline.length);
  lane.merged = [];
  lane.acknowledged = [];
  if (lane.hintAnswered) lane.hint = null;
  lane.hintAnswered = false;
  // Not only at the end of the turn: a long first sync is followed on the screen.
  await ctx.wake.pages({ kind: 'twin', id: lane.twinId });
  return row;
}

function changed<Entry>(before: ReadonlyMap<string, Entry>, after: ReadonlyMap<string, Entry>): Entry[] {
  return [...after].filter(([uid, entry]) => before.get(uid) !== entry).map(([, entry]) => entry);
}

/** How many of these the local issue has, for the statistics. */
function countHere<Entry extends { localId: string | null }>(
  entries: ReadonlyMap<string, Entry>,
  isThere: (entry: Entry) => boolean,
): number {
  let count = 0;
  for (const entry of entries.values()) if (entry.localId !== null && isThere(entry)) count += 1;
  return count;
}

function stampColumns<Name extends string>(name: Name, stamp: Stamp | null): Record<string, number | string | null> {
  return { [`${name}Time`]: stamp?.time ?? null, [`${name}Side`]: stamp?.side ?? null };
}

function commentRow(entry: CommentEntry): Record<string, unknown> {
  const { uid, localId, hidden, atHome, body, authorName, authorLine, createdMs } = entry;
  return {
    uid,
    localId,
    hidden,
    atHome,
    body,
    authorName,
    authorLine,
    createdMs,
    realized: entry.realized?.text ?? null,
    ...stampColumns('stamp', entry.stamp),
    ...stampColumns('deleted', entry.deleted),
    ...stampColumns('realized', entry.realized?.stamp ?? null),
    ...stampColumns('acked', entry.acked),
    ...stampColumns('ackedDeleted', entry.ackedDeleted),
  };
}

function attachmentRow(entry: AttachmentEntry): AttachmentEntry {
  return entry;
}
