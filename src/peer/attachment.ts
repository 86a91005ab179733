import { pipeline, type Readable } from 'node:stream';
import { SIZE_HEADER, verifyDigest } from '#/engine/protocol/attachment-frame.ts';
import { assertGood, notANode } from './read-answer.ts';
import type { Answer } from './transport.ts';

/**
 * The file in an answer. `body` gives exactly `sizeBytes` bytes and fails at its end with a FrameError when they are not
 * those that were sent; destroying it closes the connection. At no time is more held than the streams' buffers.
 */
export async function openAttachment(answer: Answer): Promise<{ body: Readable; sizeBytes: number }> {
  await assertGood(answer);
  const size = answer.header(SIZE_HEADER) ?? '';
  if (!/^\d{1,15}$/.test(size)) {
    answer.body.on('error', () => undefined).destroy();
    throw notANode(answer, 'sent a file without its size');
  }
  const frame = verifyDigest(Number(size));
  // The callback keeps an error from being thrown a second time; the reader of the frame gets it.
  pipeline(answer.body, frame, () => undefined);
  return { body: frame, sizeBytes: Number(size) };
}
