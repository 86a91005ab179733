import type { Clock } from '#/engine/ports.ts';

/** Remembers results for a while, shared by concurrent askers. Failures are not remembered. */
export class TtlCache {
  readonly #clock: Clock;
  readonly #ttlMs: number;
  readonly #entries = new Map<string, { atMs: number; value: Promise<unknown> }>();

  constructor(clock: Clock, ttlMs: number) {
    this.#clock = clock;
    this.#ttlMs = ttlMs;
  }

  /** `key` must determine the type of what `load` gives. */
  get<T>(key: string, load: () => Promise<T>): Promise<T> {
    const known = this.#entries.get(key);
    if (known !== undefined && this.#clock.now() - known.atMs < this.#ttlMs) return known.value as Promise<T>;
    const entry = { atMs: this.#clock.now(), value: load() };
    this.#entries.set(key, entry);
    entry.value.catch(() => {
      if (this.#entries.get(key) === entry) this.#entries.delete(key);
    });
    return entry.value;
  }

  clear(): void {
    this.#entries.clear();
  }
}
