/**
 * "Something waits for your private partner": from whoever stored it to the web process that holds the partner's poll. One
 * listening database connection per process, opened by the first watcher; a call that is lost costs a moment, never work.
 */
import { Client } from 'pg';
import type { Db } from '#/db/client.ts';
import { backoffMs } from '#/kernel/backoff.ts';
import type { Logger } from '#/observability/logger.ts';
import type { BellWatch, PollBell } from '#/services/context.ts';

const channel = 'exalate_poll';
/** Calls are bundled: a NOTIFY briefly serialises all commits of the server. */
const bundleMs = 20;
const openingMs = 1_000;

export function createPollBell(db: Db, databaseUrl: string, logger: Logger): PollBell & { close(): Promise<void> } {
  const watchers = new Map<string, Set<() => void>>();
  const waiting = new Set<string>();
  let timer: NodeJS.Timeout | null = null;
  let client: Client | null = null;
  let opening: Promise<void> | null = null;
  let failures = 0;
  let closed = false;

  function hear(connectionId: string): void {
    for (const ring of watchers.get(connectionId) ?? []) ring();
  }

  async function flush(): Promise<void> {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const ids = [...waiting];
    waiting.clear();
    if (ids.length === 0) return;
    try {
      await db.$executeRaw`SELECT pg_notify(${channel}, id) FROM unnest(${ids}::text[]) AS id`;
    } catch (error) {
      logger.debug({ err: error }, 'poll bell could not be rung');
    }
  }

  async function open(): Promise<void> {
    if (closed) return;
    const next = new Client({ connectionString: databaseUrl, application_name: 'exalate-polls', keepAlive: true });
    let lost = false;
    const reopen = (): void => {
      if (lost) return;
      lost = true;
      if (client === next) client = null;
      next.removeAllListeners('notification');
      void next.end().catch(() => undefined);
      if (closed) return;
      failures += 1;
      setTimeout(() => void open(), backoffMs(failures, { baseMs: 200, maxMs: 10_000 }, Math.random)).unref();
    };
    next.on('error', reopen);
    next.on('end', reopen);
    next.on('notification', ({ payload }) => hear(payload ?? ''));
    try {
      await next.connect();
      await next.query(`LISTEN ${channel}`);
      client = next;
      failures = 0;
      for (const id of watchers.keys()) hear(id);
    } catch {
      reopen();
    }
  }

  return {
    async ring(connectionId) {
      waiting.add(connectionId);
      timer ??= setTimeout(() => void flush(), bundleMs);
    },
    async watch(connectionId): Promise<BellWatch> {
      let rung = false;
      let wake: (() => void) | null = null;
      const ring = (): void => {
        rung = true;
        wake?.();
      };
      const rings = watchers.get(connectionId) ?? new Set();
      watchers.set(connectionId, rings.add(ring));
      opening ??= open();
      await Promise.race([opening, pause(openingMs)]);
      return {
        get closed() {
          return closed;
        },
        async wait(ms, signal) {
          if (!rung && !closed && signal?.aborted !== true) {
            const heard = Promise.withResolvers<void>();
            const done = (): void => heard.resolve();
            const limit = setTimeout(done, ms);
            wake = done;
            signal?.addEventListener('abort', done, { once: true });
            await heard.promise;
            clearTimeout(limit);
            signal?.removeEventListener('abort', done);
          }
          wake = null;
          rung = false;
        },
        end() {
          rings.delete(ring);
          if (rings.size === 0) watchers.delete(connectionId);
        },
      };
    },
    async close() {
      closed = true;
      await flush();
      for (const id of watchers.keys()) hear(id);
      await client?.end().catch(() => undefined);
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
