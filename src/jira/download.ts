import { Transform } from 'node:stream';
import type { Readable } from 'node:stream';
import { TrackerError } from '#/engine/ports.ts';
import type { Download } from '#/engine/ports.ts';
import { attachmentAddress, redirectTarget } from './attachment-address.ts';
import type { AttachmentAddress } from './attachment-address.ts';
import { readText } from './body.ts';
import { describeAddress } from './base-url.ts';
import type { StreamCall } from './call.ts';
import type { JiraClient } from './client.ts';
import { WebPageError } from './error-response.ts';
import { networkError } from './network-error.ts';
import type { HttpAnswer } from './transport.ts';

const route = '/secure/attachment/{id}';

/** Attachment as the port names it, plus what tells a stored web page from a login page. */
export interface Attachment {
  id: string;
  contentUrl: string;
  sizeBytes: number;
  mimeType?: string;
}

/**
 * The bytes of an attachment as a stream (flat memory, no overall time limit, 60 s of silence at most). The stream fails with
 * `truncated` when it ends before or goes beyond the announced size. A login page is never taken for the file: redirects
 * on Jira are `credentials_refused` (8.14.1 redirects tokens on these addresses to the login page: mcp-atlassian #1634), one to
 * another host (object storage in 10.x) is followed once, without credentials. Reads are repeated up to the first byte only.
 */
export async function downloadAttachment(
  client: JiraClient,
  attachment: Attachment,
  signal?: AbortSignal,
): Promise<Download> {
  const address = attachmentAddress(client.base, attachment);
  if (address === null) {
    const given = describeAddress(attachment.contentUrl, client.base.href);
    throw webPage(client, `the address that Jira gave (${given}) must not be used`, null);
  }
  return client.repeat(true, () => open(client, attachment, address, signal));
}

async function open(
  client: JiraClient,
  attachment: Attachment,
  address: AttachmentAddress,
  signal: AbortSignal | undefined,
): Promise<Download> {
  let fetched = await fetchFrom(client, address, signal);
  if (isRedirect(fetched.answer) && address.withCredentials) {
    const location = fetched.answer.header('location') ?? '';
    const target = redirectTarget(client.base, location, address.origin + address.path);
    if (target !== null) {
      fetched.answer.body.destroy();
      fetched = await fetchFrom(client, target, signal);
    }
  }
  const { answer } = fetched;
  try {
    if (isRedirect(answer)) throw redirected(client, answer, fetched.address);
    if (looksLikeLoginPage(answer, attachment))
      throw webPage(client, 'a web page came instead of the file', answer.status);
    if (fetched.address.withCredentials) await refuseErrors(client, fetched);
    else if (answer.status !== 200) throw elsewhere(answer.status);
    const announced = contentLength(answer);
    if (announced !== null && announced !== attachment.sizeBytes) {
      throw truncated(`Jira announced ${announced} bytes for an attachment of ${attachment.sizeBytes}`);
    }
    return { body: counted(answer.body, attachment.sizeBytes, signal), sizeBytes: announced };
  } catch (error) {
    answer.body.destroy();
    throw error;
  }
}

function isRedirect(answer: HttpAnswer): boolean {
  return answer.status >= 300 && answer.status < 400;
}

interface Fetched {
  answer: HttpAnswer;
  call: StreamCall;
  address: AttachmentAddress;
}

async function fetchFrom(
  client: JiraClient,
  address: AttachmentAddress,
  signal: AbortSignal | undefined,
): Promise<Fetched> {
  const call: StreamCall = {
    route,
    request: {
      method: 'GET',
      origin: address.origin,
      path: address.path,
      headers: { accept: '*/*', 'accept-encoding': 'identity' },
      reads: true,
      signal,
    },
  };
  return { answer: await client.stream(call, address.withCredentials), call, address };
}

async function refuseErrors(client: JiraClient, { answer, call }: Fetched): Promise<void> {
  if (answer.status === 401 && client.credentialsKind === 'token') {
    // Some versions know no tokens here: only /myself tells whether this one is still good everywhere else.
    await client.identity(0);
    throw webPage(client, 'Jira does not take the token for attachments', answer.status);
  }
  const text = answer.status === 200 ? '' : await readText(answer, true);
  client.judge({ status: answer.status, header: headersWithoutType(answer), text }, call);
  if (answer.status !== 200) throw elsewhere(answer.status);
}

/** For a file of any type: its `Content-Type` says nothing about whether the answer is a page of Jira. */
function headersWithoutType(answer: HttpAnswer): HttpAnswer['header'] {
  return (name) => (answer.status === 200 && name === 'content-type' ? undefined : answer.header(name));
}

/** HTML that is not the file itself: Jira names a file in `Content-Disposition`, a login page has none. */
function looksLikeLoginPage(answer: HttpAnswer, attachment: Attachment): boolean {
  if (answer.status !== 200) return false;
  if (!(answer.header('content-type') ?? '').toLowerCase().includes('text/html')) return false;
  if (answer.header('content-disposition') !== undefined) return false;
  return !(attachment.mimeType ?? '').includes('html') && !/\.x?html?$/i.test(attachment.contentUrl);
}

function contentLength(answer: HttpAnswer): number | null {
  const header = answer.header('content-length');
  return header !== undefined && /^\d+$/.test(header) ? Number(header) : null;
}

/** Passes the bytes on and fails unless there are exactly `sizeBytes`. Destroying the result ends the request. */
function counted(source: HttpAnswer['body'], sizeBytes: number, signal: AbortSignal | undefined): Readable {
  let bytes = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.byteLength;
      if (bytes > sizeBytes) done(truncated(`The attachment is longer than the ${sizeBytes} bytes Jira announced`));
      else done(null, chunk);
    },
    flush(done) {
      if (bytes === sizeBytes) done();
      else done(truncated(`The attachment ended after ${bytes} of ${sizeBytes} bytes`));
    },
  });
  source.on('error', (cause: unknown) => {
    const cancelled = signal?.aborted === true || bytes >= sizeBytes;
    const error = cancelled
      ? networkError(cause, { sent: true, reads: true })
      : truncated(`The attachment broke off after ${bytes} of ${sizeBytes} bytes`, cause);
    counter.destroy(error);
  });
  // Whoever reads meets the error, also later; while nobody reads yet it must not end the process.
  counter.on('error', () => undefined);
  counter.on('close', () => source.destroy());
  source.pipe(counter);
  return counter;
}

function truncated(message: string, cause?: unknown): TrackerError {
  return new TrackerError('truncated', { message: `${message}.`, outcome: 'not_performed', cause });
}

function redirected(client: JiraClient, answer: HttpAnswer, from: AttachmentAddress): TrackerError {
  const target = describeAddress(answer.header('location') ?? '', from.origin + from.path);
  return webPage(client, `Jira redirected an attachment to ${target}`, answer.status);
}

function webPage(client: JiraClient, what: string, status: number | null): TrackerError {
  const hint =
    client.credentialsKind === 'token'
      ? ' Some Jira versions (8.14 among them) refuse personal access tokens at attachment addresses; user name and password work there.'
      : '';
  return new WebPageError('credentials_refused', {
    message: `GET ${route}: ${what}.${hint}`,
    outcome: 'refused',
    status,
  });
}

function elsewhere(status: number): TrackerError {
  const code = status >= 500 ? 'unreachable' : 'unexpected';
  return new TrackerError(code, { message: `GET ${route} was answered ${status}.`, outcome: 'refused', status });
}
