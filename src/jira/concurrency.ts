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

  constructor(max: number) {
    this.#max = Math.max(1, Math.floor(max));
    this.#limit = this.#max;
  }

  /** Present limit, a whole number of at least 1. */
  get limit(): number {
    return Math.floor(this.#limit);
  }

  async acquire(): Promise<Permit> {
    if (this.#active >= this.limit || this.#waiting.length > 0) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else {
      this.#active++;
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
    while (this.#active < this.limit) {
      const next = this.#waiting.shift();
      if (next === undefined) return;
      this.#active++;
      next();
    }
  }
}
