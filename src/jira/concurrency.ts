import type { Places } from '#/kernel/places.ts';

/** Leave to send one request. `finish` must be called exactly once. */
export interface Permit {
  /** Gives the place back. `congested`: Jira answered 429 or 503, or far too slowly. */
  finish(outcome: 'ok' | 'congested' | 'neutral'): void;
}

/**
 * Limit of requests in flight that finds Jira's pace: halved when Jira is congested, raised by about one per round of
 * successes (AIMD, as TCP does). Requests that were under way when the limit was halved do not halve it again.
 * First come, first served.
 */
export class AdaptiveLimit {
  readonly #max: number;
  #limit: number;
  #active = 0;
  #round = 0;
  readonly #waiting: Array<() => void> = [];
  readonly #places: Places | null;

  constructor(max: number, places: Places | null = null) {
    this.#max = Math.max(1, Math.floor(max));
    this.#limit = this.#max;
    this.#places = places;
    places?.onChange(() => this.#admit());
  }

  /** Present limit, a whole number: what Jira bears, at least 1, and of that no more than this process may take. */
  get limit(): number {
    return Math.min(Math.floor(this.#limit), this.#places?.granted ?? Infinity);
  }

  async acquire(): Promise<Permit> {
    if (this.#active >= this.limit || this.#waiting.length > 0) {
      const admitted = Promise.withResolvers<void>();
      this.#waiting.push(admitted.resolve);
      this.#tell();
      await admitted.promise;
    } else {
      this.#active++;
      this.#tell();
    }
    const round = this.#round;
    return { finish: (outcome) => this.#finish(outcome, round) };
  }

  #finish(outcome: 'ok' | 'congested' | 'neutral', round: number): void {
    if (outcome === 'ok') this.#limit = Math.min(this.#max, this.#limit + 1 / this.#limit);
    if (outcome === 'congested' && round === this.#round) {
      this.#limit = Math.max(1, this.#limit / 2);
      this.#round++;
    }
    this.#active--;
    this.#admit();
  }

  #admit(): void {
    while (this.#active < this.limit) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      this.#active++;
      next();
    }
    this.#tell();
  }

  #tell(): void {
    this.#places?.use({ inFlight: this.#active, waiting: this.#waiting.length });
  }
}
