/** The body of a stream of server-sent events: what changed, and a sign of life, for as long as the session lasts. */
import type { AdminSession } from './auth.ts';
import type { PageChange } from './events.ts';
import { sessionKey } from './session-key.ts';

const heartbeatMs = 15_000;

export interface EventStreamOptions {
  session: Pick<AdminSession, 'name' | 'expiresMs'>;
  /** `Last-Event-ID` of a browser that comes back; 0 for a new page. */
  lastId: number;
  /** Aborted when the browser goes away. */
  signal: AbortSignal;
  subscribe: (listener: (change: PageChange) => void) => () => void;
}

/** Missed events need no replay: who comes back is told once to look for itself. */
export function eventStream({ session, lastId, signal, subscribe }: EventStreamOptions): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const own = sessionKey(session);
  let id = lastId;
  let stop = (): void => undefined;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      const write = (text: string): void => {
        try {
          controller.enqueue(encoder.encode(text));
        } catch {
          stop();
        }
      };
      const change = (data: PageChange): void => {
        if (data.kind !== 'signed_out') write(`id: ${++id}\nevent: change\ndata: ${JSON.stringify(data)}\n\n`);
        else if (data.id === own) stop();
      };
      const unsubscribe = subscribe(change);
      const heartbeat = setInterval(() => write(': alive\n\n'), heartbeatMs);
      const end = setTimeout(() => stop(), Math.max(0, session.expiresMs - Date.now()));
      stop = () => {
        stop = () => undefined;
        clearInterval(heartbeat);
        clearTimeout(end);
        unsubscribe();
        try {
          controller.close();
        } catch {
          // The browser closed it first.
        }
      };
      signal.addEventListener('abort', () => stop(), { once: true });
      write('retry: 2000\n\n');
      if (id > 0) change({ kind: 'node' });
    },
    cancel: () => stop(),
  });
}
