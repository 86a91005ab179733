/**
 * What changed, for open pages: one listening database connection per web process hears `NOTIFY exalate_pages` and passes
 * each message on to the streams of this process. After a lost connection every page is told to look for itself.
 */
import { Client } from 'pg';
import { z } from 'zod';
import { nodeSettings } from '#/env.ts';
import { backoffMs } from './events-backoff.ts';

/** As src/queue/waker.ts names it. */
export const pagesChannel = 'exalate_pages';

const topicSchema = z.object({
  kind: z.enum(['connection', 'twin', 'node', 'signed_out']),
  id: z.string().max(100).optional(),
});
export type PageChange = z.infer<typeof topicSchema>;
type Listener = (change: PageChange) => void;

class PageEvents {
  readonly #listeners = new Set<Listener>();
  readonly #databaseUrl: string;
  #running = false;
  #failures = 0;

  constructor(databaseUrl: string) {
    this.#databaseUrl = databaseUrl;
  }

  /** Calls `listener` for every change until the returned function is called. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    if (!this.#running) {
      this.#running = true;
      void this.#connect();
    }
    return () => this.#listeners.delete(listener);
  }

  async #connect(): Promise<void> {
    const client = new Client({
      connectionString: this.#databaseUrl,
      application_name: 'exalate-pages',
      keepAlive: true,
    });
    let lost = false;
    const reconnect = (): void => {
      if (lost) return;
      lost = true;
      client.removeAllListeners('notification');
      void client.end().catch(() => undefined);
      setTimeout(() => void this.#connect(), backoffMs(this.#failures++)).unref();
    };
    client.on('error', reconnect);
    client.on('end', reconnect);
    client.on('notification', ({ payload }) => this.#publish(payload));
    try {
      await client.connect();
      await client.query(`LISTEN ${pagesChannel}`);
      if (this.#failures > 0) this.#tell({ kind: 'node' });
      this.#failures = 0;
    } catch {
      reconnect();
    }
  }

  #publish(payload: string | undefined): void {
    const parsed = topicSchema.safeParse(parseJson(payload));
    this.#tell(parsed.success ? parsed.data : { kind: 'node' });
  }

  #tell(change: PageChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}

function parseJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch {
    return undefined;
  }
}

// Next compiles routes apart and reloads them in development: only the global object is one per process.
const key = Symbol.for('exalate.page-events');

export function pageEvents(): PageEvents {
  const holder = globalThis as { [key]?: PageEvents };
  holder[key] ??= new PageEvents(nodeSettings().databaseUrl);
  return holder[key];
}
