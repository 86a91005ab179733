import { type AdminSession, readSession } from '#/server/auth.ts';
import { eventStream } from '#/server/event-stream.ts';
import { pageEvents } from '#/server/events.ts';
import { sameOrigin } from '#/server/route.ts';

export const dynamic = 'force-dynamic';

/** Server-sent events: one `change` per changed thing, until the session ends. */
export async function GET(request: Request): Promise<Response> {
  const session = await listener(request);
  if (session instanceof Response) return session;
  const body = eventStream({
    session,
    lastId: Number(request.headers.get('last-event-id')) || 0,
    signal: request.signal,
    subscribe: (listener) => pageEvents().subscribe(listener),
  });
  return new Response(body, {
    headers: {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-cache, no-transform',
      'X-Accel-Buffering': 'no',
    },
  });
}

/** Whether the stream would be given, so that an open page knows what to expect before it refreshes: 204, 401 or 403. */
export async function HEAD(request: Request): Promise<Response> {
  const session = await listener(request);
  return session instanceof Response ? session : new Response(null, { status: 204 });
}

async function listener(request: Request): Promise<AdminSession | Response> {
  const session = await readSession();
  if (session === null) return new Response(null, { status: 401 });
  return sameOrigin(request) ? session : new Response(null, { status: 403 });
}
