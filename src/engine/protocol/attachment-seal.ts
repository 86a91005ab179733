/**
 * Files that a private node pushes (D4, D5). Their bytes cannot be in the token, which is sent before them, so the frame of
 * {@link appendDigest} is followed by 32 bytes that only a holder of the channel key can make for this file and this wish.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { Transform } from 'node:stream';
import { collectWhilePassing } from '#/kernel/young-garbage.ts';
import { DIGEST_BYTES, FrameError } from './attachment-frame.ts';

export const SEAL_BYTES = 32;

export interface SealScope {
  /** 32 bytes, base64url. */
  key: string;
  /** Id of the wish. */
  transferId: string;
  sizeBytes: number;
}

function seal({ key, transferId, sizeBytes }: SealScope, digest: Uint8Array): Buffer {
  return createHmac('sha256', Buffer.from(key, 'base64url'))
    .update(`exalate-node/1 pushed file\n${transferId}\n${sizeBytes}\n`)
    .update(digest)
    .digest();
}

/** Sender: lets a frame through and adds the seal of the digest at its end. */
export function appendSeal(scope: SealScope): Transform {
  let tail: Buffer = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      tail = Buffer.from(Buffer.concat([tail, chunk.subarray(-DIGEST_BYTES)]).subarray(-DIGEST_BYTES));
      done(null, chunk);
    },
    flush(done) {
      done(null, seal(scope, tail));
    },
  });
}

/**
 * Receiver: gives the frame (file and digest). The digest is held back until the seal on it is found good, so a reader of
 * the frame never sees the end of one that was made by somebody else.
 */
export function checkSeal(scope: SealScope): Transform {
  const held = DIGEST_BYTES + SEAL_BYTES;
  const expected = scope.sizeBytes + held;
  const collect = collectWhilePassing();
  let seen = 0;
  let tail: Buffer = Buffer.alloc(0);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      collect(chunk.length);
      if (seen > expected)
        return done(new FrameError('too_long', `More than the announced ${scope.sizeBytes} bytes came.`));
      const all = Buffer.concat([tail, chunk]);
      const ready = all.subarray(0, Math.max(0, all.length - held));
      tail = Buffer.from(all.subarray(ready.length));
      if (ready.length === 0) return done();
      done(null, ready);
    },
    flush(done) {
      if (seen < expected) return done(new FrameError('too_short', `Only ${seen} of ${expected} bytes came.`));
      const digest = tail.subarray(0, DIGEST_BYTES);
      if (!timingSafeEqual(seal(scope, digest), tail.subarray(DIGEST_BYTES)))
        return done(new FrameError('digest_differs', 'The file does not carry the seal of this connection.'));
      done(null, digest);
    },
  });
}
