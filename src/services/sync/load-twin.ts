import type { AttachmentTrace, CommentTrace, Connection, Db, Side, Twin } from '#/db/models.ts';
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
}

export async function loadTwin(db: Db, twinId: string): Promise<LoadedTwin | null> {
  const row = await db.twin.findUnique({
    where: { id: twinId },
    include: {
      connection: true,
      comments: true,
      attachments: true,
      intents: true,
      requests: { orderBy: { number: 'asc' } },
      events: { orderBy: { number: 'asc' }, take: 1 },
    },
  });
  if (row === null) return null;
  const { connection, comments, attachments, intents, requests, events, ...twin } = row;
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
      startedAt: intent.startedAt,
    })),
    requests: requests.map(storedMessage),
    event: events[0] === undefined ? null : storedMessage(events[0]),
  };
}

function storedMessage(row: { id: string; replica: unknown }): StoredMessage {
  return { id: row.id, message: row.replica as Message };
}

function stamp(time: bigint | null, side: Side | null): Stamp | null {
  return time === null || side === null ? null : { time: Number(time), side };
}

function commentEntry(trace: CommentTrace): CommentEntry {
  const realizedStamp = stamp(trace.realizedTime, trace.realizedSide);
  return {
    uid: trace.uid,
    localId: trace.localId,
    body: trace.body,
    authorName: trace.authorName,
    authorLine: trace.authorLine,
    createdMs: Number(trace.createdMs),
    stamp: { time: Number(trace.stampTime), side: trace.stampSide },
    deleted: stamp(trace.deletedTime, trace.deletedSide),
    realized: trace.realized === null || realizedStamp === null ? null : { text: trace.realized, stamp: realizedStamp },
    acked: stamp(trace.ackedTime, trace.ackedSide),
    ackedDeleted: stamp(trace.ackedDeletedTime, trace.ackedDeletedSide),
  };
}

function attachmentEntry(trace: AttachmentTrace): AttachmentEntry {
  const { uid, localId, filename, mimeType, authorName, sha256, contentUrl, deleted, acked, ackedDeleted } = trace;
  return {
    uid,
    localId,
    filename,
    mimeType,
    sizeBytes: Number(trace.sizeBytes),
    authorName,
    createdMs: Number(trace.createdMs),
    sha256,
    contentUrl,
    deleted,
    acked,
    ackedDeleted,
  };
}
