/** A background loop: runs, waits, runs again, until it is stopped. A failing run never ends it. */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Loop {
  /** Ends the wait at once; resolves when the run under way is over. Safe to call twice. */
  stop(): Promise<void>;
}

export function startLoop(
  /** Returns the milliseconds to wait before the next run. */
  run: (signal: AbortSignal) => Promise<number>,
  onError: (error: unknown) => void | Promise<void>,
  retryMs = 5_000,
): Loop {
  const stopped = new AbortController();
  const ended = (async () => {
    while (!stopped.signal.aborted) {
      let waitMs = retryMs;
      try {
        waitMs = await run(stopped.signal);
      } catch (error) {
        await onError(error);
      }
      await sleep(waitMs, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  })();
  return {
    stop() {
      stopped.abort();
      return ended;
    },
  };
}
