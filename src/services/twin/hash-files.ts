/**
 * The files of two issues that may be the same, read to see whether they are (A9). Their bytes pass through this node and
 * nothing of them is kept; what has been read stays known when the lane has to come back.
 */
import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { TrackerError } from '#/engine/ports.ts';
import type { AlikeFiles, FileHashes } from '#/engine/twin/pair-existing.ts';
import { ServiceError } from '../errors.ts';
import { PeerError } from '../peer-channel.ts';
import type { Lane } from '../sync/lane.ts';
import { partnerOf } from '../sync/partner.ts';
import { connectState } from './connect-state.ts';

/** A file that was deleted meanwhile has no hash. */
export async function hashFiles(lane: Lane, { own, theirs }: AlikeFiles): Promise<FileHashes> {
  const { ctx, connection, twin, lease } = lane;
  const partner = partnerOf(ctx, connection);
  for (const { uid, localId, contentUrl, sizeBytes } of own) {
    if (localId === null || contentUrl === null) continue;
    await hash(lane, uid, () => ctx.jira().downloadAttachment({ id: localId, contentUrl, sizeBytes }, lease.signal));
  }
  for (const { uid } of theirs) await hash(lane, uid, () => partner.attachment(twin.uid, uid, lease.signal));
  return new Map(Object.entries(connectState(twin)?.hashes ?? {}));
}

async function hash({ twin, lease }: Lane, uid: string, open: () => Promise<{ body: Readable }>): Promise<void> {
  const connect = connectState(twin);
  if (connect === null || connect.hashes?.[uid] !== undefined) return;
  const sha256 = await open().then(
    ({ body }) => digest(body, lease.signal),
    (error: unknown) => {
      if (isGone(error)) return null;
      throw error;
    },
  );
  if (sha256 !== null) twin.connect = { ...connect, hashes: { ...connect.hashes, [uid]: sha256 } };
}

async function digest(body: Readable, signal: AbortSignal): Promise<string> {
  const sha256 = createHash('sha256');
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) sha256.update(chunk);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof TrackerError) throw error;
    throw new PeerError('unreachable', {
      message: 'The partner’s file did not arrive whole.',
      reason: 'cut',
      cause: error,
    });
  }
  return sha256.digest('hex');
}

function isGone(error: unknown): boolean {
  if (error instanceof TrackerError || error instanceof ServiceError) return error.code === 'not_found';
  return error instanceof PeerError && error.reason === 'not_found';
}
