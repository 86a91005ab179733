import { readSession } from '#/server/auth.ts';
import { eventStream } from '#/server/event-stream.ts';
import { pageEvents } from '#/server/events.ts';
import { sameOrigin } from '#/server/route.ts';

export const dynamic = 'force-dynamic';

/** Server-sent events: one `change` per changed thing, until the session ends. */
export async function GET(request: Request): Promise<Response> {
  const session = await readSession();
  if (session === null || !sameOrigin(request)) return new Response(null, { status: session === null ? 401 : 403 });
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
