/** A file that a private partner brings, as the web process takes it in: piece by piece, no faster than the lane reads. */
import { performance } from 'node:perf_hooks';
import { pipeline, type Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { FrameError } from '#/engine/protocol/attachment-frame.ts';
import { checkSeal } from '#/engine/protocol/attachment-seal.ts';
import { PartnerRefusal } from '../connection/partner-refusal.ts';
import type { Connection, ServiceContext } from '../context.ts';

const pieceBytes = 256 * 1024;
const piecesAhead = 8;
const lookMs = 15;
/** How long the lane may take to begin or to go on reading. */
const patienceMs = 60_000;

export interface ArrivingFile {
  connection: Connection;
  /** The key that the request was signed with: the file is sealed with the same one. */
  key: string;
  transferId: string;
  twinUid: string;
  traceUid: string;
  sizeBytes: number;
  body: Readable;
}

/** Resolves when all of the file has been handed on. Throws PartnerRefusal when nobody waits for it (any more). */
export async function receiveFile(ctx: ServiceContext, file: ArrivingFile): Promise<void> {
  const { transferId, key, sizeBytes } = file;
  await claim(ctx, file);
  const frame = checkSeal({ key, transferId, sizeBytes });
  pipeline(file.body, frame, () => undefined);
  try {
    let seq = 0;
    for await (const piece of inPieces(frame)) await put(ctx, transferId, seq++, piece);
    await ctx.db.attachmentTransfer.updateMany({ where: { id: transferId }, data: { state: 'sent' } });
  } catch (error) {
    frame.destroy();
    // The lane sees that nothing more will come, and asks again.
    await ctx.db.attachmentTransfer.deleteMany({ where: { id: transferId } });
    if (error instanceof FrameError)
      throw new PartnerRefusal(400, 'invalid_request', 'The file did not arrive as it was sent.');
    throw error;
  }
}

async function claim(ctx: ServiceContext, file: ArrivingFile): Promise<void> {
  const rows = await ctx.db.$queryRaw<{ id: string }[]>`
    WITH claimed AS (
      UPDATE attachment_transfer SET state = 'sending', "sizeBytes" = ${file.sizeBytes}::bigint
      WHERE id = ${file.transferId}::uuid AND "connectionId" = ${file.connection.id}::uuid
        AND "twinUid" = ${file.twinUid}::uuid AND "traceUid" = ${file.traceUid} AND state IN ('wanted', 'asked')
      RETURNING "connectionId", "twinUid"
    )
    UPDATE twin SET "wakeAt" = now() FROM claimed
    WHERE twin."connectionId" = claimed."connectionId" AND twin.uid = claimed."twinUid" RETURNING twin.id`;
  const twin = rows[0];
  if (twin === undefined) throw gone();
  await ctx.wake.twins([twin.id]);
}

async function* inPieces(frame: Readable): AsyncGenerator<Buffer, void, undefined> {
  let parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of frame as AsyncIterable<Buffer>) {
    for (let start = 0; start < chunk.length; start += pieceBytes) {
      const part = chunk.subarray(start, start + pieceBytes);
      parts.push(part);
      size += part.length;
      if (size < pieceBytes) continue;
      yield Buffer.concat(parts);
      parts = [];
      size = 0;
    }
  }
  if (size > 0) yield Buffer.concat(parts);
}

async function put(ctx: ServiceContext, transferId: string, seq: number, bytes: Buffer): Promise<void> {
  await room(ctx, transferId);
  if ((await ctx.files?.put(transferId, seq, bytes)) !== true) throw gone();
}

async function room(ctx: ServiceContext, transferId: string): Promise<void> {
  let fewest = Number.MAX_SAFE_INTEGER;
  let until = performance.now() + patienceMs;
  for (;;) {
    const ahead = await ctx.db.attachmentChunk.count({ where: { transferId } });
    if (ahead < piecesAhead) return;
    if (ahead < fewest) {
      fewest = ahead;
      until = performance.now() + patienceMs;
    }
    if (performance.now() > until)
      throw new PartnerRefusal(503, 'not_ready', 'This node cannot take the file now.', 30);
    await sleep(lookMs);
  }
}

function gone(): PartnerRefusal {
  return new PartnerRefusal(404, 'not_found', 'Nobody waits for this file any more.');
}
