import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Call } from './call.ts';
import type { Reply } from './reply.ts';

let requests = 0;

function commonHeaders(call: Call): Record<string, string | string[]> {
  requests += 1;
  const now = call.jira.now();
  const minute = Math.floor(now / 60_000) % 1440;
  return {
    Date: new Date(now).toUTCString(),
    'X-AREQUESTID': `${minute}x${requests}x1`,
    'X-ASESSIONID': call.sessionId?.slice(0, 6).toLowerCase() ?? '',
    'X-ANODEID': 'node1',
    'X-AUSERNAME': call.user === null ? 'anonymous' : encodeURIComponent(call.user.name),
    'Cache-Control': 'no-cache, no-store, no-transform',
    ...call.answerHeaders,
  };
}

/** Writes the answer. With `share` below 1 only that part of the body, after which the socket is destroyed. */
export async function send(call: Call, res: ServerResponse, reply: Reply, share = 1): Promise<void> {
  if (res.destroyed) return;
  const body = typeof reply.body === 'string' ? Buffer.from(reply.body, 'utf8') : reply.body;
  const length = reply.stream?.length ?? body.length;
  const headers: Record<string, string | string[] | number> = {
    ...(reply.inFront === true ? {} : commonHeaders(call)),
    ...reply.headers,
  };
  if (reply.status !== 204) headers['Content-Length'] = length;
  res.writeHead(reply.status, headers);
  if (share < 1) return sendPart(res, reply, body, Math.floor(length * share));
  if (call.method === 'HEAD' || reply.stream === undefined) {
    res.end(call.method === 'HEAD' ? undefined : body);
    return;
  }
  try {
    await pipeline(reply.stream.open(), res);
  } catch {
    res.destroy(); // the client went away, or the file broke off: nothing sensible can follow the headers
  }
}

async function sendPart(res: ServerResponse, reply: Reply, body: Buffer, bytes: number): Promise<void> {
  let left = bytes;
  for await (const chunk of reply.stream?.open() ?? [body]) {
    const part = (chunk as Buffer).subarray(0, left);
    left -= part.length;
    await new Promise<void>((resolve) => {
      res.once('close', resolve);
      res.write(part, () => resolve());
    });
    if (left <= 0 || res.destroyed) break;
  }
  res.destroy();
}
