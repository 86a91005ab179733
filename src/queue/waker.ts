import type { Db } from '#/db/client.ts';
import type { Logger } from '#/observability/logger.ts';
import type { PageTopic, Waker } from '#/services/context.ts';
import type { WakeQueue } from './wake-queue.ts';

/** PostgreSQL channel on which web processes hear what open pages should reload. */
const pagesChannel = 'exalate_pages';

/** Changes are told to pages in bundles: a NOTIFY briefly serialises all commits of the server. */
const bundleMs = 150;

/** Of more things at once, as in bulk work, pages are told to look for themselves: each would be a message to every page. */
const mostTold = 20;
const lookYourself = JSON.stringify({ kind: 'node' } satisfies PageTopic);

export function createWaker(db: Db, queue: WakeQueue, logger: Logger): Waker & { flush(): Promise<void> } {
  const waiting = new Map<string, PageTopic>();
  let timer: NodeJS.Timeout | null = null;

  async function flush(): Promise<void> {
    if (timer !== null) clearTimeout(timer);
    timer = null;
    const payloads = waiting.size > mostTold ? [lookYourself] : [...waiting.keys()];
    waiting.clear();
    if (payloads.length === 0) return;
    try {
      await db.$executeRaw`SELECT pg_notify(${pagesChannel}, payload) FROM unnest(${payloads}::text[]) AS payload`;
    } catch (error) {
      logger.warn({ err: error }, 'pages could not be told of changes');
    }
  }

  return {
    async twins(twinIds) {
      try {
        await queue.send(twinIds);
      } catch (error) {
        // The rescue loop finds the lanes by their wakeAt.
        logger.warn({ err: error }, 'wake-up call could not be sent');
      }
    },
    async pages(topic) {
      waiting.set(JSON.stringify(topic), topic);
      timer ??= setTimeout(() => void flush(), bundleMs);
    },
    flush,
  };
}
