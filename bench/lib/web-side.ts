/**
 * The HTTP side of a node as a process of its own: the route handlers of the console that partners and the own Jira call,
 * without Next around them, so that no build is needed. Settings come from the environment, as for `npm run web`.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import * as webhook from '../../src/app/api/jira/webhook/[secret]/route.ts';
import * as attachment from '../../src/app/api/node/v1/attachments/[twin]/[trace]/route.ts';
import * as connection from '../../src/app/api/node/v1/connection/route.ts';
import * as info from '../../src/app/api/node/v1/info/route.ts';
import * as accept from '../../src/app/api/node/v1/invitations/accept/route.ts';
import * as peek from '../../src/app/api/node/v1/invitations/peek/route.ts';
import * as messages from '../../src/app/api/node/v1/messages/route.ts';
import { loadNodeSettings } from '../../src/env.ts';

type Found = () => Promise<Response>;

function find(request: Request, pathname: string): Found | null {
  const none = { params: Promise.resolve({}) };
  const own: Record<string, Found> = {
    'GET /api/health': async () => new Response('ok'),
    'GET /api/node/v1/info': () => info.GET(request, none),
    'POST /api/node/v1/invitations/peek': () => peek.POST(request, none),
    'POST /api/node/v1/invitations/accept': () => accept.POST(request, none),
    'POST /api/node/v1/messages': () => messages.POST(request, none),
    'POST /api/node/v1/connection': () => connection.POST(request, none),
  };
  const [, secret] = /^\/api\/jira\/webhook\/([^/]+)$/.exec(pathname) ?? [];
  if (secret !== undefined) return () => webhook.POST(request, { params: Promise.resolve({ secret }) });
  const [, twin, trace] = /^\/api\/node\/v1\/attachments\/([^/]+)\/([^/]+)$/.exec(pathname) ?? [];
  if (twin !== undefined && trace !== undefined) {
    return () => attachment.GET(request, { params: Promise.resolve({ twin, trace }) });
  }
  return own[`${request.method} ${pathname}`] ?? null;
}

async function serve(origin: string, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const url = new URL(incoming.url ?? '/', origin);
  const method = incoming.method ?? 'GET';
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const request = new Request(url, {
    method,
    headers: Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
    ...(hasBody ? { body: Readable.toWeb(incoming) as unknown as BodyInit, duplex: 'half' } : {}),
  });
  const answer = (await find(request, url.pathname)?.()) ?? new Response(null, { status: 404 });
  outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
  if (answer.body === null) outgoing.end();
  else await pipeline(Readable.fromWeb(answer.body as unknown as ReadableStream<Uint8Array>), outgoing);
}

const { port, exalateUrl } = loadNodeSettings();
const server = createServer({ keepAliveTimeout: 10_000 }, (incoming, outgoing) => {
  serve(exalateUrl, incoming, outgoing).catch(() => outgoing.destroy());
});
server.listen(port, '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
