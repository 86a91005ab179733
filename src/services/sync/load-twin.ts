import type { AttachmentTrace, CommentTrace, Connection, Db, Side, Twin, WriteIntent } from '#/db/models.ts';
import { reportedPrefix } from '#/engine/fault/reported.ts';
import type { Message } from '#/engine/protocol/messages.ts';
import type { AttachmentEntry, CommentEntry, TwinState } from '#/engine/replica/state.ts';
import type { Stamp } from '#/engine/replica/stamp.ts';
import type { Intent, StoredMessage } from './lane.ts';

export interface LoadedTwin {
  twin: Twin;
  connection: Connection;
  state: TwinState;
  intents: Intent[];
  requests: StoredMessage[];
  event: StoredMessage | null;
  /** Detail of the newest open error of our own work on it; '' without one. */
  errorDetail: string;
}

/** Call it after the lane has been taken: what is loaded then includes all that made it due. */
export async function loadTwin(db: Db, twinId: string): Promise<LoadedTwin | null> {
  const row = await db.twin.findUnique({ where: { id: twinId }, include: { connection: true } });
  if (row === null) return null;
  const { connection, ...twin } = row;
  const { comments, attachments, intents, requests, event, errorDetail } = await loadParts(db, twinId);
  return {
    twin,
    connection,
    state: {
      side: connection.side,
      fields: twin.fields as unknown as TwinState['fields'],
      comments: new Map(comments.map((trace) => [trace.uid, commentEntry(trace)])),
      attachments: new Map(attachments.map((trace) => [trace.uid, attachmentEntry(trace)])),
    },
    intents: intents.map((intent) => ({
      kind: intent.kind as Intent['kind'],
      subject: intent.subject,
      detail: intent.detail as Record<string, unknown>,
      startedAt: new Date(intent.startedAt),
    })),
    requests: requests.map(storedMessage),
    event: event === null ? null : storedMessage(event),
    errorDetail: errorDetail ?? '',
  };
}

/** A row as PostgreSQL gives it as JSON. */
type AsJson<Row> = { [Column in keyof Row]: JsonValue<Row[Column]> };
type JsonValue<Value> = Value extends bigint ? number : Value extends Date ? string : Value;

interface Parts {
  comments: AsJson<CommentTrace>[];
  attachments: AsJson<AttachmentTrace>[];
  intents: AsJson<WriteIntent>[];
  requests: StoredRow[];
  event: StoredRow | null;
  errorDetail: string | null;
}

interface StoredRow {
  id: string;
  replica: unknown;
  at: string;
}

/** All that belongs to a twin in one statement; the turn of a lane costs as much in round trips as in work. */
async function loadParts(db: Db, twinId: string): Promise<Parts> {
  const rows = await db.$queryRaw<Parts[]>`
    SELECT
      (SELECT coalesce(json_agg(t), '[]') FROM comment_trace t WHERE t."twinId" = ${twinId}::uuid) AS comments,
      (SELECT coalesce(json_agg(t), '[]') FROM attachment_trace t WHERE t."twinId" = ${twinId}::uuid) AS attachments,
      (SELECT coalesce(json_agg(i), '[]') FROM write_intent i WHERE i."twinId" = ${twinId}::uuid) AS intents,
      (SELECT coalesce(json_agg(json_build_object('id', r.id, 'replica', r.replica, 'at', r."receivedAt") ORDER BY r.number), '[]')
        FROM sync_request r WHERE r."twinId" = ${twinId}::uuid) AS requests,
      (SELECT json_build_object('id', e.id, 'replica', e.replica, 'at', e."createdAt")
        FROM sync_event e WHERE e."twinId" = ${twinId}::uuid ORDER BY e.number LIMIT 1) AS event,
      (SELECT e.detail FROM sync_error e WHERE e."twinId" = ${twinId}::uuid AND e."resolvedAt" IS NULL
        AND NOT starts_with(e.code, ${reportedPrefix}) ORDER BY e."lastAt" DESC LIMIT 1) AS "errorDetail"`;
  const [parts] = rows;
  if (parts === undefined) throw new Error('A statement without conditions gave no row.');
  return parts;
}

function storedMessage(row: StoredRow): StoredMessage {
  return { id: row.id, message: row.replica as Message, since: new Date(row.at) };
}

function stamp(time: number | null, side: Side | null): Stamp | null {
  return time === null || side === null ? null : { time, side };
}

function commentEntry(trace: AsJson<CommentTrace>): CommentEntry {
  const realizedStamp = stamp(trace.realizedTime, trace.realizedSide);
  return {
    uid: trace.uid,
    localId: trace.localId,
    hidden: trace.hidden,
    atHome: trace.atHome,
    body: trace.body,
    authorName: trace.authorName,
    authorLine: trace.authorLine,
    createdMs: trace.createdMs,
    stamp: { time: trace.stampTime, side: trace.stampSide },
    deleted: stamp(trace.deletedTime, trace.deletedSide),
    realized: trace.realized === null || realizedStamp === null ? null : { text: trace.realized, stamp: realizedStamp },
    acked: stamp(trace.ackedTime, trace.ackedSide),
    ackedDeleted: stamp(trace.ackedDeletedTime, trace.ackedDeletedSide),
  };
}

function attachmentEntry(trace: AsJson<AttachmentTrace>): AttachmentEntry {
  const { uid, localId, filename, mimeType, authorName, sha256, contentUrl, atHome, deleted, acked, ackedDeleted } =
    trace;
  return {
    uid,
    localId,
    filename,
    mimeType,
    sizeBytes: trace.sizeBytes,
    authorName,
    createdMs: trace.createdMs,
    sha256,
    contentUrl,
    atHome,
    deleted,
    acked,
    ackedDeleted,
  };
}
