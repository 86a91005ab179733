import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { TrackerError } from '#/engine/ports.ts';
import type { TrackerAttachment, Upload } from '#/engine/ports.ts';
import { path } from './base-url.ts';
import { readText } from './body.ts';
import type { StreamCall } from './call.ts';
import type { JiraClient } from './client.ts';
import { parseJson } from './error-response.ts';
import { attachmentSchema } from './issue-schema.ts';
import { frameFile } from './multipart.ts';
import type { MultipartFrame } from './multipart.ts';
import { parseAnswer } from './parse.ts';

const route = '/issue/{id}/attachments';
/** Jira scans and stores the file before it answers. */
const headersTimeoutMs = 300_000;

/**
 * `POST /issue/{id}/attachments` (200 with an array), streamed with a length known in advance. Not idempotent. When the source
 * fails, ends early or gives too much, the request is torn down before the closing boundary, so Jira stores nothing: error
 * `truncated`, outcome `not_performed`, the source's error as `cause`. Too large: `too_large` (404 with a text about the size
 * from Jira, rcarz/jira-client #119; 413 from a proxy).
 */
export async function uploadAttachment(
  client: JiraClient,
  issue: string,
  upload: Upload,
  limitBytes: () => Promise<number>,
  signal?: AbortSignal,
): Promise<TrackerAttachment> {
  const frame = frameFile({ ...upload, boundary: `----jira-adapter-${randomUUID()}` });
  const progress: Progress = { ended: false, sourceError: null };
  const call: StreamCall = {
    route,
    request: {
      method: 'POST',
      origin: client.base.origin,
      path: client.base.contextPath + path`/rest/api/2/issue/${issue}/attachments`,
      headers: {
        'x-atlassian-token': 'no-check',
        'content-type': frame.contentType,
        'content-length': String(frame.contentLength),
      },
      reads: false,
      body: framed(upload, frame, progress),
      headersTimeoutMs,
      signal,
    },
  };
  try {
    const raw = await client.stream(call);
    const answer = { status: raw.status, header: raw.header, text: await readText(raw, false) };
    client.judge(answer, call);
    const stored = parseAnswer(
      z.array(attachmentSchema).min(1),
      { status: raw.status, data: arrayOf(parseJson(answer.text)) },
      { what: `POST ${route}`, reads: false },
    );
    const [first] = stored;
    if (first === undefined) throw new Error('unreachable: the list has at least one element');
    return first;
  } catch (error) {
    throw await uploadError(error, progress, upload, limitBytes);
  } finally {
    if (!progress.ended) release(upload.body);
  }
}

interface Progress {
  /** The closing boundary was handed over: from here on Jira may store the file. */
  ended: boolean;
  sourceError: TrackerError | null;
}

async function* framed(upload: Upload, frame: MultipartFrame, progress: Progress): AsyncGenerator<Uint8Array> {
  const failed = (message: string, cause?: unknown): TrackerError => {
    const error = new TrackerError('truncated', { message, outcome: 'not_performed', cause });
    progress.sourceError = error;
    return error;
  };
  yield frame.head;
  let bytes = 0;
  try {
    for await (const chunk of upload.body) {
      bytes += chunk.byteLength;
      if (bytes > upload.sizeBytes) break;
      if (chunk.byteLength > 0) yield chunk;
    }
  } catch (cause) {
    throw failed(`The file to upload broke off after ${bytes} of ${upload.sizeBytes} bytes.`, cause);
  }
  if (bytes > upload.sizeBytes) throw failed(`The file to upload is longer than its ${upload.sizeBytes} bytes.`);
  if (bytes < upload.sizeBytes) throw failed(`The file to upload ended after ${bytes} of ${upload.sizeBytes} bytes.`);
  progress.ended = true;
  yield frame.tail;
}

async function uploadError(
  error: unknown,
  progress: Progress,
  upload: Upload,
  limitBytes: () => Promise<number>,
): Promise<unknown> {
  if (progress.sourceError !== null) return progress.sourceError;
  if (!(error instanceof TrackerError)) return error;
  if (error.status === 404 && (await isAboutSize(error, upload, limitBytes))) return as(error, 'too_large', 'refused');
  if (error.outcome === 'unknown' && error.status === null && !progress.ended) {
    return as(error, error.code, 'not_performed');
  }
  return error;
}

/** The text is translated, so numbers count: "Issue Does Not Exist" has none, the one about the size names the limit. */
async function isAboutSize(error: TrackerError, upload: Upload, limitBytes: () => Promise<number>): Promise<boolean> {
  if (error.messages.some((text) => /\d{3}|\d\s?[kmg]i?b\b/i.test(text) && !/[A-Z][A-Z0-9_]+-\d/.test(text)))
    return true;
  return upload.sizeBytes > (await limitBytes().catch(() => Number.POSITIVE_INFINITY));
}

function as(error: TrackerError, code: TrackerError['code'], outcome: TrackerError['outcome']): TrackerError {
  return new TrackerError(code, {
    message: error.message,
    outcome,
    status: error.status,
    messages: error.messages,
    fieldErrors: error.fieldErrors,
    retryAfterMs: error.retryAfterMs,
    cause: error,
  });
}

function arrayOf(data: unknown): unknown {
  return data !== undefined && !Array.isArray(data) ? [data] : data;
}

/** Lets go of a source that was not read to its end, or not at all. Not waited for: it may be stuck. */
function release(body: AsyncIterable<Uint8Array>): void {
  if ('destroy' in body && typeof body.destroy === 'function') {
    body.destroy();
    return;
  }
  void body[Symbol.asyncIterator]()
    .return?.()
    .catch(() => {});
}
