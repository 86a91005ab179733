import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { appendDigest, DIGEST_BYTES } from '#/engine/protocol/attachment-frame.ts';
import { appendSeal, checkSeal } from '#/engine/protocol/attachment-seal.ts';

const key = randomBytes(32).toString('base64url');
const transferId = '3f1b0c52-6d0c-4a2b-9f64-0d6a5f0d2c11';

/** A file as a private node sends it. */
async function sealed(file: Buffer, scope: { key?: string; transferId?: string } = {}): Promise<Buffer> {
  const sizeBytes = file.length;
  const seal = appendSeal({ key, transferId, sizeBytes, ...scope });
  void pipeline(Readable.from([file]), appendDigest(sizeBytes), seal);
  return buffer(seal);
}

/** What a receiver of these bytes gets before the stream ends or fails, and why it failed. */
async function received(bytes: Buffer, sizeBytes: number, pieces: number): Promise<{ got: Buffer; failure: unknown }> {
  const check = checkSeal({ key, transferId, sizeBytes });
  const parts: Buffer[] = [];
  for (let start = 0; start < bytes.length; start += pieces) parts.push(bytes.subarray(start, start + pieces));
  const got: Buffer[] = [];
  try {
    await pipeline(Readable.from(parts), check, async (frame: AsyncIterable<Buffer>) => {
      for await (const chunk of frame) got.push(chunk);
    });
    return { got: Buffer.concat(got), failure: null };
  } catch (failure) {
    return { got: Buffer.concat(got), failure };
  }
}

describe('the seal of a pushed file', () => {
  it.each([0, 1, 31, 32, 33, 64, 1000])(
    'gives the frame of a file of %i bytes, however it is cut into pieces',
    async (size) => {
      const file = randomBytes(size);
      const sent = await sealed(file);
      for (const pieces of [1, 7, 64, 5000]) {
        const { got, failure } = await received(sent, size, pieces);
        expect(failure).toBeNull();
        expect(got.subarray(0, size)).toEqual(file);
        expect(got.length).toBe(size + DIGEST_BYTES);
      }
    },
  );

  it.each([
    ['by another key', { key: randomBytes(32).toString('base64url') }],
    ['for another wish', { transferId: '00000000-6d0c-4a2b-9f64-0d6a5f0d2c11' }],
  ])('made %s is refused, and the digest is never given out', async (_name, scope) => {
    const { got, failure } = await received(await sealed(randomBytes(100), scope), 100, 9);
    expect(failure).toMatchObject({ code: 'digest_differs' });
    expect(got.length).toBeLessThanOrEqual(100);
  });

  it('does not fit a file that was replaced together with its digest', async () => {
    const sent = await sealed(randomBytes(100));
    const other = await sealed(randomBytes(100), { key: randomBytes(32).toString('base64url') });
    const forged = Buffer.concat([other.subarray(0, 132), sent.subarray(132)]);
    expect((await received(forged, 100, 50)).failure).toMatchObject({ code: 'digest_differs' });
  });

  it.each([
    ['too short', 'too_short', (bytes: Buffer) => bytes.subarray(0, -1)],
    ['too long', 'too_long', (bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(1)])],
  ])('on a body that is %s is refused', async (_name, code, change) => {
    const { got, failure } = await received(change(await sealed(randomBytes(100))), 100, 13);
    expect(failure).toMatchObject({ code });
    expect(got.length).toBeLessThanOrEqual(100);
  });
});
