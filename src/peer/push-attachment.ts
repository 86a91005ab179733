import { pipeline, type Readable } from 'node:stream';
import { appendDigest, DIGEST_BYTES, SIZE_HEADER } from '#/engine/protocol/attachment-frame.ts';
import { appendSeal, SEAL_BYTES } from '#/engine/protocol/attachment-seal.ts';

/** The body of a pushed file: bytes, digest, seal. An error of the file breaks the request off before its end. */
export function framedFile(
  key: string,
  file: { id: string; sizeBytes: number; body: Readable },
): { stream: Readable; headers: Readonly<Record<string, string>> } {
  const frame = appendDigest(file.sizeBytes);
  const sealed = appendSeal({ key, transferId: file.id, sizeBytes: file.sizeBytes });
  // The request that reads the sealed stream sees the error; here it has nowhere else to go.
  pipeline(file.body, frame, sealed, () => undefined);
  return {
    stream: sealed,
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(file.sizeBytes + DIGEST_BYTES + SEAL_BYTES),
      [SIZE_HEADER]: String(file.sizeBytes),
    },
  };
}
