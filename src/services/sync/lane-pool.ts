/** Runs lanes side by side up to a limit. A twin that is called while its lane runs here is run once more afterwards. */
export interface LanePool {
  /** Resolves when there is room for more. */
  take(twinIds: readonly string[]): Promise<void>;
  /** Resolves when nothing runs any more. */
  idle(): Promise<void>;
  readonly running: number;
}

export function createLanePool(run: (twinId: string) => Promise<unknown>, limit: number): LanePool {
  const running = new Map<string, Promise<void>>();
  const again = new Set<string>();

  function start(twinId: string): void {
    const done = run(twinId).then(
      () => finish(twinId),
      () => finish(twinId),
    );
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
