/**
 * A file that a private partner brings, as the lane sees it. The partner sends it to some web process of this node, which
 * may be on another machine than the lane: they meet in the database, where at most a few pieces lie at a time
 * (docs/decisions/007-files-of-private-nodes.md).
 */
import { performance } from 'node:perf_hooks';
import { pipeline, Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { DIGEST_BYTES, verifyDigest } from '#/engine/protocol/attachment-frame.ts';
import { fileFaultTexts, isFileFault } from '#/engine/protocol/file-fault.ts';
import type { Connection, ServiceContext } from '../context.ts';
import { PeerError } from '../peer-channel.ts';
import { Later } from './later.ts';

const lookMs = 20;
/** How long a lane waits for a partner that is polling; longer waits give the lane's place to others. */
const waitMs = 3_000;
const askAgainMs = 30_000;
const pollsLatelyMs = 40_000;
const idleMs = 30_000;
const piecesAtOnce = 4;
/** Dead rows of a large file are swept while it passes. */
const vacuumBytes = 128 * 1024 * 1024;

export interface FilePlace {
  twinUid: string;
  traceUid: string;
  signal: AbortSignal;
}

interface Transfer {
  id: string;
  state: string;
  sizeBytes: bigint | null;
  reason: string | null;
  readAt: Date | null;
}

/** The bytes, checked as those that are pulled. Throws {@link Later} while the partner has not begun to send. */
export async function openPushedFile(
  ctx: ServiceContext,
  connection: Connection,
  place: FilePlace,
): Promise<{ body: Readable; sizeBytes: number }> {
  const until = performance.now() + waitMs;
  for (;;) {
    place.signal.throwIfAborted();
    const transfer = await want(ctx, connection, place);
    if (transfer.state === 'refused') {
      await forget(ctx, transfer.id);
      throw refused(transfer.reason);
    }
    if ((transfer.state === 'sending' || transfer.state === 'sent') && (await beginReading(ctx, transfer.id)))
      return open(ctx, transfer.id, Number(transfer.sizeBytes), place.signal);
    const polls = (connection.partnerSeenAt?.getTime() ?? 0) > ctx.clock.now() - pollsLatelyMs;
    if (!polls || performance.now() > until)
      throw new Later(new Date(ctx.clock.now() + askAgainMs), 'waiting for a file of the private partner');
    await sleep(lookMs);
  }
}

/** The wish as it stands; one whose reader died in the middle is made anew, since its pieces are gone. */
async function want(ctx: ServiceContext, connection: Connection, place: FilePlace): Promise<Transfer> {
  const { twinUid, traceUid } = place;
  const where = { connectionId_twinUid_traceUid: { connectionId: connection.id, twinUid, traceUid } };
  const found = await ctx.db.attachmentTransfer.findUnique({ where });
  if (found !== null && found.readAt === null) return found;
  if (found !== null) await forget(ctx, found.id);
  await ctx.db.attachmentTransfer.createMany({
    data: [{ id: ctx.ids.uuid(), connectionId: connection.id, twinUid, traceUid }],
    skipDuplicates: true,
  });
  await ctx.polls?.ring(connection.id);
  return ctx.db.attachmentTransfer.findUniqueOrThrow({ where });
}

async function beginReading(ctx: ServiceContext, id: string): Promise<boolean> {
  const { count } = await ctx.db.attachmentTransfer.updateMany({
    where: { id, readAt: null },
    data: { readAt: new Date(ctx.clock.now()) },
  });
  return count === 1;
}

function open(
  ctx: ServiceContext,
  id: string,
  sizeBytes: number,
  signal: AbortSignal,
): { body: Readable; sizeBytes: number } {
  const frame = verifyDigest(sizeBytes);
  const pieces = Readable.from(read(ctx, id, sizeBytes + DIGEST_BYTES, signal), { objectMode: false });
  // The reader of the frame gets the error; here it has nowhere else to go.
  pipeline(pieces, frame, () => undefined);
  return { body: frame, sizeBytes };
}

async function* read(
  ctx: ServiceContext,
  id: string,
  total: number,
  signal: AbortSignal,
): AsyncGenerator<Buffer, void, undefined> {
  let seen = 0;
  let next = 0;
  let sweptAt = 0;
  let heardAt = performance.now();
  try {
    while (seen < total) {
      signal.throwIfAborted();
      const pieces = (await ctx.files?.take(id, next, piecesAtOnce)) ?? [];
      if (pieces.length === 0) {
        if (!(await stillComing(ctx, id))) throw cut('The partner stopped sending the file.');
        if (performance.now() - heardAt > idleMs) throw cut('No more bytes of the file came in time.');
        await sleep(lookMs);
        continue;
      }
      heardAt = performance.now();
      next += pieces.length;
      for (const bytes of pieces) {
        seen += bytes.length;
        yield bytes;
      }
      if (seen - sweptAt > vacuumBytes) {
        sweptAt = seen;
        await sweep(ctx);
      }
    }
  } finally {
    await forget(ctx, id);
  }
}

async function stillComing(ctx: ServiceContext, id: string): Promise<boolean> {
  const row = await ctx.db.attachmentTransfer.findUnique({ where: { id }, select: { state: true } });
  if (row === null) return false;
  if (row.state === 'sending') return true;
  // Its last pieces may have been stored after our look.
  return row.state === 'sent' && (await ctx.db.attachmentChunk.count({ where: { transferId: id } })) > 0;
}

async function forget(ctx: ServiceContext, id: string): Promise<void> {
  await ctx.db.attachmentTransfer.deleteMany({ where: { id } });
}

async function sweep(ctx: ServiceContext): Promise<void> {
  try {
    await ctx.db.$executeRawUnsafe('VACUUM attachment_chunk');
  } catch (error) {
    ctx.logger.debug({ err: error }, 'passing pieces of files could not be vacuumed');
  }
}

function refused(reason: string | null): PeerError {
  return reason === 'not_ready'
    ? new PeerError('busy', {
        message: 'The partner cannot reach its Jira at the moment.',
        reason,
        retryAfterMs: 30_000,
      })
    : new PeerError('refused', {
        message: isFileFault(reason) ? fileFaultTexts[reason] : 'The partner no longer has this file.',
        reason,
      });
}

function cut(message: string): PeerError {
  return new PeerError('unreachable', { message, reason: 'cut' });
}
