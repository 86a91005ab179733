import { TrackerError } from '#/engine/ports.ts';
import type { Clock } from '#/engine/ports.ts';
import type { Delay } from './options.ts';

/** Jira's `Retry-After`: while it runs, no request is sent to this Jira. */
export class Pause {
  readonly #clock: Clock;
  readonly #delay: Delay;
  readonly #maxWaitMs: number;
  #untilMs = 0;
  #reason: { code: 'rate_limited' | 'unavailable'; status: number } = { code: 'rate_limited', status: 429 };

  constructor(clock: Clock, delay: Delay, maxWaitMs: number) {
    this.#clock = clock;
    this.#delay = delay;
    this.#maxWaitMs = maxWaitMs;
  }

  /** Starts or lengthens the pause; never shortens it. */
  extend(ms: number, reason: { code: 'rate_limited' | 'unavailable'; status: number }): void {
    const until = this.#clock.now() + ms;
    if (until <= this.#untilMs) return;
    this.#untilMs = until;
    this.#reason = reason;
  }

  /** Returns when no pause runs. Throws at once, with the time left, when it is longer than a call may wait. */
  async wait(signal: AbortSignal): Promise<void> {
    for (;;) {
      const leftMs = this.#untilMs - this.#clock.now();
      if (leftMs <= 0) return;
      if (leftMs > this.#maxWaitMs) {
        throw new TrackerError(this.#reason.code, {
          message: `Jira asked to be left alone for another ${Math.ceil(leftMs / 1000)} s.`,
          outcome: 'not_performed',
          status: this.#reason.status,
          retryAfterMs: leftMs,
        });
      }
      await this.#delay(leftMs, signal);
    }
  }
}
