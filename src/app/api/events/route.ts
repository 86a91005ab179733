import { readSession } from '#/server/auth.ts';
import { pageEvents } from '#/server/events.ts';
import { sameOrigin } from '#/server/route.ts';

export const dynamic = 'force-dynamic';

const heartbeatMs = 15_000;

/** Server-sent events: one `change` per changed thing. Missed ones need no replay: a page that comes back looks for itself. */
export async function GET(request: Request): Promise<Response> {
  const session = await readSession();
  if (session === null || !sameOrigin(request)) return new Response(null, { status: session === null ? 401 : 403 });

  const encoder = new TextEncoder();
  let id = Number(request.headers.get('last-event-id')) || 0;
  let stop = (): void => undefined;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      const write = (text: string): void => {
        try {
          controller.enqueue(encoder.encode(text));
        } catch {
          stop();
        }
      };
      const change = (data: object): void => write(`id: ${++id}\nevent: change\ndata: ${JSON.stringify(data)}\n\n`);
      const unsubscribe = pageEvents().subscribe(change);
      const heartbeat = setInterval(
        () => (Date.now() < session.expiresMs ? write(': alive\n\n') : stop()),
        heartbeatMs,
      );
      stop = () => {
        stop = () => undefined;
        clearInterval(heartbeat);
        unsubscribe();
        try {
          controller.close();
        } catch {
          // The browser closed it first.
        }
      };
      request.signal.addEventListener('abort', () => stop(), { once: true });
      write('retry: 2000\n\n');
      if (id > 0) change({ kind: 'node' });
    },
    cancel: () => stop(),
  });
  return new Response(body, {
    headers: {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-cache, no-transform',
      'X-Accel-Buffering': 'no',
    },
  });
}
