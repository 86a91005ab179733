/**
 * Attachments between nodes (D5): the file's bytes followed by the 32 bytes of their SHA-256. The size is told
 * beforehand in the header {@link SIZE_HEADER}, so the receiver knows where the file ends without holding it.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { Transform, type TransformCallback } from 'node:stream';
import { isErrorNamed } from '#/kernel/error-name.ts';
import { collectWhilePassing } from '#/kernel/young-garbage.ts';

export const SIZE_HEADER = 'x-exalate-size';
export const DIGEST_BYTES = 32;

export type FrameFault = 'too_short' | 'too_long' | 'digest_differs';

/** The bytes that arrived are not the file that was sent. */
export class FrameError extends Error {
  override readonly name = 'FrameError';

  static override [Symbol.hasInstance](value: unknown): boolean {
    return isErrorNamed(value, 'FrameError');
  }

  readonly code: FrameFault;

  constructor(code: FrameFault, message: string) {
    super(message);
    this.code = code;
  }
}

/** Sender: lets the file through and adds its digest. Fails when the file has not exactly `sizeBytes` bytes. */
export function appendDigest(sizeBytes: number): Transform {
  const hash = createHash('sha256');
  const collect = collectWhilePassing();
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      collect(chunk.length);
      if (seen > sizeBytes) return done(tooLong(sizeBytes));
      hash.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      if (seen < sizeBytes) return done(tooShort(seen, sizeBytes));
      done(null, hash.digest());
    },
  });
}

/**
 * Receiver: gives exactly the `sizeBytes` bytes of the file and takes the digest off. Fails instead of ending when the
 * stream is too short, too long, or its digest is another one. Holds no more than 32 bytes back.
 */
export function verifyDigest(sizeBytes: number): Transform {
  const hash = createHash('sha256');
  const collect = collectWhilePassing();
  const trailer: Buffer[] = [];
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      const ofFile = chunk.subarray(0, Math.max(0, sizeBytes - seen));
      seen += chunk.length;
      collect(chunk.length);
      if (seen > sizeBytes + DIGEST_BYTES) return done(tooLong(sizeBytes));
      // A copy: the rest of a large chunk must not stay in memory for the sake of its last bytes.
      if (ofFile.length < chunk.length) trailer.push(Buffer.from(chunk.subarray(ofFile.length)));
      if (ofFile.length === 0) return done();
      hash.update(ofFile);
      done(null, ofFile);
    },
    flush(done) {
      if (seen < sizeBytes + DIGEST_BYTES) return done(tooShort(seen, sizeBytes));
      if (timingSafeEqual(hash.digest(), Buffer.concat(trailer))) return done();
      done(
        new FrameError('digest_differs', 'The SHA-256 of the file that arrived is not that of the file that was sent.'),
      );
    },
  });
}

function tooLong(sizeBytes: number): FrameError {
  return new FrameError('too_long', `More than the announced ${sizeBytes} bytes came.`);
}

function tooShort(seen: number, sizeBytes: number): FrameError {
  return new FrameError('too_short', `The stream ended after ${Math.min(seen, sizeBytes)} of ${sizeBytes} bytes.`);
}
