/** Runs lanes side by side up to a limit. A twin that is called while its lane runs here is run once more afterwards. */
export interface LanePool {
  /** Resolves when there is room for more. */
  take(twinIds: readonly string[]): Promise<void>;
  /** Resolves when nothing runs any more. */
  idle(): Promise<void>;
  readonly running: number;
}

export interface LanePoolOptions {
  /** Most lanes at once. */
  limit: number;
  run: (twinId: string) => Promise<unknown>;
  /** Told of a lane that could not be run at all; the others go on. */
  onError: (error: unknown, twinId: string) => void | Promise<void>;
}

export function createLanePool({ limit, run, onError }: LanePoolOptions): LanePool {
  const running = new Map<string, Promise<void>>();
  const again = new Set<string>();

  function start(twinId: string): void {
    const done = run(twinId)
      .catch((error: unknown) => onError(error, twinId))
      .then(() => finish(twinId));
    running.set(twinId, done);
  }

  function finish(twinId: string): void {
    running.delete(twinId);
    if (again.delete(twinId)) start(twinId);
  }

  return {
    async take(twinIds) {
      for (const twinId of twinIds) {
        if (running.has(twinId)) {
          again.add(twinId);
          continue;
        }
        while (running.size >= limit) await Promise.race(running.values());
        if (running.has(twinId)) again.add(twinId);
        else start(twinId);
      }
      while (running.size >= limit) await Promise.race(running.values());
    },
    async idle() {
      while (running.size > 0) await Promise.all(running.values());
    },
    get running() {
      return running.size;
    },
  };
}
