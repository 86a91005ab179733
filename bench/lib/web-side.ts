/**
 * The HTTP side of a node as a process of its own: the console's route handlers that partners and the own Jira call,
 * without Next around them, so that no build is needed. Settings come from the environment, as for `npm run web`.
 */
import { globSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { pathToFileURL } from 'node:url';
import { projectRoot } from '../../scripts/lib/owned-process.ts';
import { loadNodeSettings } from '../../src/env.ts';

type Handler = (request: Request, route: { params: Promise<Record<string, string>> }) => Promise<Response>;

interface Route {
  /** The names of its parts in brackets are those of its groups. */
  pattern: RegExp;
  handlers: () => Promise<Record<string, Handler>>;
}

/** As Next finds them: by the names of folders. */
function findRoutes(): Route[] {
  const app = join(projectRoot, 'src/app');
  return globSync(['api/node/**/route.ts', 'api/jira/**/route.ts'], { cwd: app }).map((file) => {
    const path = file.replaceAll('\\', '/').replace('/route.ts', '');
    const pattern = new RegExp(`^/${path.replaceAll(/\[(\w+)\]/g, '(?<$1>[^/]+)')}$`);
    let handlers: Promise<Record<string, Handler>> | null = null;
    return { pattern, handlers: () => (handlers ??= import(pathToFileURL(join(app, file)).href)) };
  });
}

async function answerTo(routes: readonly Route[], request: Request, pathname: string): Promise<Response> {
  if (pathname === '/api/health') return new Response('ok');
  for (const { pattern, handlers } of routes) {
    const match = pattern.exec(pathname);
    if (match === null) continue;
    const handler = (await handlers())[request.method];
    return (
      (await handler?.(request, { params: Promise.resolve({ ...match.groups }) })) ??
      new Response(null, { status: 405 })
    );
  }
  return new Response(null, { status: 404 });
}

async function serve(
  routes: readonly Route[],
  origin: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const url = new URL(incoming.url ?? '/', origin);
  const method = incoming.method ?? 'GET';
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const request = new Request(url, {
    method,
    headers: Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
    ...(hasBody ? { body: Readable.toWeb(incoming) as unknown as BodyInit, duplex: 'half' } : {}),
  });
  const answer = await answerTo(routes, request, url.pathname);
  outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
  if (answer.body === null) outgoing.end();
  else await pipeline(Readable.fromWeb(answer.body as unknown as ReadableStream<Uint8Array>), outgoing);
}

const { port, exalateUrl } = loadNodeSettings();
const routes = findRoutes();
const server = createServer({ keepAliveTimeout: 10_000 }, (incoming, outgoing) => {
  serve(routes, exalateUrl, incoming, outgoing).catch(() => outgoing.destroy());
});
server.listen(port, '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
