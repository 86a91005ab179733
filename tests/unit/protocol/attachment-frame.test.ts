import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { appendDigest, DIGEST_BYTES, verifyDigest } from '#/engine/protocol/attachment-frame.ts';

const files = fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes));
const cutPoints = fc.array(fc.nat(450), { maxLength: 30 });

/** The same bytes in pieces that end at the given places; some pieces are empty. */
function pieces(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.map((cut) => Math.min(cut, bytes.length)).toSorted((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
}

async function framed(file: Buffer, cuts: readonly number[] = [], size = file.length): Promise<Buffer> {
  const frame = appendDigest(size);
  const [, result] = await Promise.all([pipeline(Readable.from(pieces(file, cuts)), frame), buffer(frame)]);
  return result;
}

async function unframed(bytes: Buffer, size: number, cuts: readonly number[] = []): Promise<Buffer> {
  const frame = verifyDigest(size);
  const [, result] = await Promise.all([pipeline(Readable.from(pieces(bytes, cuts)), frame), buffer(frame)]);
  return result;
}

describe('attachment frame', () => {
  it('is the file and its SHA-256, and comes apart to the same file, however it is cut into pieces', async () => {
    await fc.assert(
      fc.asyncProperty(files, cutPoints, cutPoints, async (file, sent, received) => {
        const bytes = await framed(file, sent);
        expect(bytes).toEqual(Buffer.concat([file, createHash('sha256').update(file).digest()]));
        expect(await unframed(bytes, file.length, received)).toEqual(file);
      }),
    );
  });

  it('fails instead of ending when any one bit is another', async () => {
    await fc.assert(
      fc.asyncProperty(files, cutPoints, fc.nat(), fc.integer({ min: 0, max: 7 }), async (file, cuts, place, bit) => {
        const bytes = Buffer.from(await framed(file));
        const at = place % bytes.length;
        bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << bit), at);
        await expect(unframed(bytes, file.length, cuts)).rejects.toMatchObject({ code: 'digest_differs' });
      }),
    );
  });

  it('fails instead of ending when anything is missing at the end or comes after it', async () => {
    await fc.assert(
      fc.asyncProperty(files, cutPoints, fc.nat(), async (file, cuts, length) => {
        const bytes = await framed(file);
        await expect(unframed(bytes.subarray(0, length % bytes.length), file.length, cuts)).rejects.toMatchObject({
          code: 'too_short',
        });
        await expect(unframed(Buffer.concat([bytes, Buffer.from('x')]), file.length, cuts)).rejects.toMatchObject({
          code: 'too_long',
        });
      }),
    );
  });

  it('does not let a file out whose size is not the announced one', async () => {
    await expect(framed(Buffer.from('abc'), [], 2)).rejects.toMatchObject({ code: 'too_long' });
    await expect(framed(Buffer.from('abc'), [], 4)).rejects.toMatchObject({ code: 'too_short' });
  });

  it('holds back no more than the digest and obeys the reader', async () => {
    const chunk = Buffer.alloc(64 * 1024, 7);
    let given = 0;
    const endless = new Readable({
      read() {
        given += 1;
        this.push(chunk);
      },
    });
    const frame = verifyDigest(1024 * 1024 * 1024);
    endless.pipe(frame);
    const first: unknown = await new Promise((resolve) => frame.once('readable', () => resolve(frame.read(1))));
    expect(first).toEqual(Buffer.from([7]));
    expect(given).toBeLessThan(12);
    endless.destroy();
    expect(DIGEST_BYTES).toBe(32);
  });
});
