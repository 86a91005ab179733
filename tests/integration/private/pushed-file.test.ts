import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { receiveFile } from '#/services/sync/receive-file.ts';
import { openPushedFile } from '#/services/sync/pushed-file.ts';
import { channelTarget } from '#/services/connection/channel-target.ts';
import { appendDigest } from '#/engine/protocol/attachment-frame.ts';
import { appendSeal } from '#/engine/protocol/attachment-seal.ts';
import { Later } from '#/services/sync/later.ts';
import { usePair } from '../../support/pair.ts';
import { waitFor } from '../../support/wait-for.ts';

// No workers: the test is the lane, the web process and the private partner itself.
const pair = usePair({ nodeA: { worker: false }, nodeB: { pollOnly: true, worker: false } });
const twinUid = '6f1b0c52-6d0c-4a2b-9f64-0d6a5f0d2c11';
const traceUid = 'acceptor:10001';

const connection = () => pair.a.ctx.db.connection.findUniqueOrThrow({ where: { id: pair.a.connectionId } });

beforeEach(async () => {
  await pair.a.ctx.db.twin.create({
    data: { id: pair.a.ctx.ids.uuid(), connectionId: pair.a.connectionId, uid: twinUid, exalatedBy: 'test' },
  });
  await pair.a.ctx.db.connection.updateMany({ data: { partnerSeenAt: new Date() } });
});
afterEach(async () => {
  await pair.a.ctx.db.twin.deleteMany();
  await pair.a.ctx.db.attachmentTransfer.deleteMany();
});

async function wish(): Promise<string> {
  return (await waitFor('the wish', () => pair.a.ctx.db.attachmentTransfer.findFirst())).id;
}

async function lane(signal = new AbortController().signal) {
  return openPushedFile(pair.a.ctx, await connection(), { twinUid, traceUid, signal });
}

/** What the private node would send. */
function sealed(bytes: Buffer, transferId: string, key: string): Buffer[] {
  const frame = appendDigest(bytes.length);
  const seal = appendSeal({ key, transferId, sizeBytes: bytes.length });
  frame.pipe(seal);
  const parts: Buffer[] = [];
  seal.on('data', (chunk: Buffer) => parts.push(chunk));
  frame.end(bytes);
  return parts;
}

type Change = (parts: Buffer[]) => Buffer[] | AsyncIterable<Buffer>;

async function bring(bytes: Buffer, change: Change = (parts) => parts): Promise<void> {
  const transferId = await wish();
  const row = await connection();
  const { key } = channelTarget(pair.a.ctx, row);
  const parts = sealed(bytes, transferId, key);
  await waitFor('the seal', () => Buffer.concat(parts).length === bytes.length + 64);
  const body = Readable.from(change(parts));
  const sizeBytes = bytes.length;
  await receiveFile(pair.a.ctx, { connection: row, key, transferId, twinUid, traceUid, sizeBytes, body });
}

const file = Buffer.alloc(5_000_000, 'some bytes ');

describe('a file that a private partner brings', () => {
  it('arrives in the lane as it was sent, with a few pieces at a time in the database', async () => {
    const opening = lane();
    const bringing = bring(file);
    const { body, sizeBytes } = await opening;
    expect(sizeBytes).toBe(file.length);
    await waitFor('the window to be full', async () => (await pair.a.ctx.db.attachmentChunk.count()) === 8);
    expect(file.equals(await buffer(body))).toBe(true);
    await bringing;
    expect(await pair.a.ctx.db.attachmentTransfer.count()).toBe(0);
  });

  it('never ends in the lane when a byte was altered on the way', async () => {
    const opening = lane();
    const bringing = bring(file, (parts) => [Buffer.from([0]), Buffer.concat(parts).subarray(1)]).catch(
      (error: unknown) => error,
    );
    const { body } = await opening;
    await expect(buffer(body)).rejects.toThrow();
    await bringing;
  });

  it('is broken off when the partner stops in the middle, and can be brought again', async () => {
    const opening = lane();
    const bringing = bring(file, async function* (parts) {
      yield Buffer.concat(parts).subarray(0, 1_000_000);
      await opening;
    }).catch((error: unknown) => error);
    const { body } = await opening;
    await expect(buffer(body)).rejects.toThrow();
    expect(await bringing).toMatchObject({ code: 'invalid_request' });
    const again = lane();
    const second = bring(file);
    expect(file.equals(await buffer((await again).body))).toBe(true);
    await second;
  });

  it('is asked for again when the lane that read it died', async () => {
    const opening = lane();
    const bringing = bring(file).catch((error: unknown) => error);
    const { body } = await opening;
    body.destroy();
    expect(await bringing).toMatchObject({ code: 'not_found' });
    const again = lane();
    const second = bring(file);
    expect(file.equals(await buffer((await again).body))).toBe(true);
    await second;
  });

  it('does not keep a lane busy while the partner is away', async () => {
    await pair.a.ctx.db.connection.updateMany({ data: { partnerSeenAt: null } });
    await expect(lane()).rejects.toBeInstanceOf(Later);
    expect(await pair.a.ctx.db.attachmentTransfer.count({ where: { state: 'wanted' } })).toBe(1);
  });
});
