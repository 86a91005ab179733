/** Milliseconds: the first ceiling and the largest one. */
export interface BackoffLimits {
  baseMs: number;
  maxMs: number;
}

/**
 * Wait before the next try: a random share of a ceiling that doubles with each attempt (full jitter), so that callers
 * that failed together do not come back together. `attempt` counts from 1; `random` gives [0, 1). Whole milliseconds.
 */
export function backoffMs(attempt: number, { baseMs, maxMs }: BackoffLimits, random: () => number): number {
  const ceiling = Math.min(maxMs, baseMs * 2 ** (Math.max(1, attempt) - 1));
  return Math.floor(ceiling * random());
}
