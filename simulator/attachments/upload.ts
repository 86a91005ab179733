import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import busboy from 'busboy';
import type { Call } from '../server/call.ts';
import { JiraError } from '../server/errors.ts';
import type { ContentRecord } from '../store/records.ts';
import { patternSeed, patternSha256 } from './pattern.ts';

const UNREADABLE = 'The multipart request could not be read.';

export interface Upload {
  filename: string;
  mimeType: string;
  size: number;
  content: ContentRecord;
  /** Where the bytes wait, when they are kept on disk. */
  path: string | null;
}

/** Writes one file away; what was written goes again when the upload breaks off. */
async function receive(call: Call, stream: Readable, filename: string, mimeType: string): Promise<Upload> {
  const path = call.jira.contents.uploadPath();
  try {
    return await receiveFile(call, stream, filename, mimeType, path);
  } catch (error) {
    call.jira.contents.discard(path);
    throw error;
  }
}

async function receiveFile(
  call: Call,
  stream: Readable,
  filename: string,
  mimeType: string,
  path: string,
): Promise<Upload> {
  const { settings, contents } = call.jira;
  const file = createWriteStream(path);
  const hash = createHash('sha256');
  let size = 0;
  let start = Buffer.alloc(0);
  let kept = true;
  try {
    for await (const chunk of stream) {
      const bytes = chunk as Buffer;
      if (start.length < 80) start = Buffer.concat([start, bytes.subarray(0, 80)]);
      size += bytes.length;
      if (size > settings.attachmentLimitBytes) continue; // read to the end, so that the client gets the answer
      hash.update(bytes);
      if (settings.discardUploadsAbove !== null && size > settings.discardUploadsAbove) kept = false;
      if (kept && !file.write(bytes)) await once(file, 'drain');
    }
  } catch (error) {
    // a write that is still under way fails now, and nobody waits for it
    file.on('error', () => {}).destroy();
    throw error;
  }
  file.end();
  await once(file, 'close');
  if (size > settings.attachmentLimitBytes) {
    contents.discard(path);
    throw new JiraError(
      404,
      `The field file exceeds its maximum permitted size of ${settings.attachmentLimitBytes} bytes.`,
    );
  }
  const sha256 = hash.digest('hex');
  if (kept) return { filename, mimeType, size, content: { kind: 'file', sha256 }, path };
  contents.discard(path);
  const seed = patternSeed(start);
  // bytes this simulator (or its twin) generated can be generated again, so they stay downloadable
  const known = seed !== null && (await patternSha256(seed, size)) === sha256;
  return {
    filename,
    mimeType,
    size,
    content: known ? { kind: 'generated', seed, sha256 } : { kind: 'discarded', sha256 },
    path: null,
  };
}

/** Streams the multipart body's files away and waits for all of them. */
export async function receiveUploads(call: Call): Promise<Upload[]> {
  const type = call.header('content-type') ?? '';
  if (!/^multipart\/form-data/i.test(type)) throw new JiraError(415, 'Unsupported Media Type');
  const parser = parserOf(type);
  const uploads: Promise<PromiseSettledResult<Upload>>[] = [];
  parser.on('file', (field, stream, info) => {
    // settled at once, so that a file that breaks off is no unhandled rejection while the rest is still being read
    if (field === 'file') uploads.push(settle(receive(call, stream, info.filename ?? '', info.mimeType)));
    else stream.on('error', () => {}).resume();
  });
  let broken = false;
  await new Promise<void>((resolve) => {
    parser.on('close', resolve);
    parser.on('error', () => {
      broken = true;
      resolve();
    });
    call.req.on('close', () => {
      if (!call.req.complete) parser.destroy(new Error('The client went away'));
    });
    call.req.pipe(parser);
  });
  const results = await Promise.all(uploads);
  const done = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed === undefined && !broken) return done;
  discardUploads(call, done);
  if (failed?.reason instanceof JiraError) throw failed.reason;
  throw new JiraError(400, UNREADABLE);
}

function parserOf(type: string): ReturnType<typeof busboy> {
  try {
    return busboy({ headers: { 'content-type': type }, defParamCharset: 'utf8' });
  } catch {
    throw new JiraError(400, UNREADABLE); // no boundary, for instance
  }
}

async function settle<T>(promise: Promise<T>): Promise<PromiseSettledResult<T>> {
  const [result] = await Promise.allSettled([promise]);
  return result;
}

export function discardUploads(call: Call, uploads: Upload[]): void {
  for (const { path } of uploads) if (path !== null) call.jira.contents.discard(path);
}
