import { setTimeout as delay } from 'node:timers/promises';
import { backoffMs } from '../../src/kernel/backoff.ts';
import type { Logger } from '../../src/observability/logger.ts';
import { type OwnedProcess, type OwnedProcessOptions, startOwned } from './owned-process.ts';

const RESTART = { baseMs: 1000, maxMs: 30_000 };
/** A process that ran for this long was healthy: the next restart is quick again. */
const HEALTHY_AFTER_MS = 60_000;

export interface Supervised {
  /** Stops the process for good and resolves when it has ended. */
  stop(): Promise<void>;
  kill(): void;
}

/** Keeps a process running: when it ends by itself, it is started again after a growing, random wait. */
export function supervise(name: string, options: OwnedProcessOptions, logger: Logger): Supervised {
  const stopping = new AbortController();
  let current: OwnedProcess = startOwned(options);
  const loop = (async () => {
    for (let attempt = 1; ; attempt += 1) {
      const startedAt = Date.now();
      const how = await current.ended;
      if (stopping.signal.aborted) return;
      if (Date.now() - startedAt > HEALTHY_AFTER_MS) attempt = 1;
      const waitMs = backoffMs(attempt, RESTART, Math.random);
      logger.error({ child: name, pid: current.pid, waitMs }, `The ${name} process ${how}; starting it again.`);
      await delay(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined);
      if (stopping.signal.aborted) return;
      current = startOwned(options);
    }
  })();
  return {
    kill: () => current.kill(),
    async stop() {
      stopping.abort();
      await current.stop();
      await loop;
    },
  };
}
