import { setTimeout as delay } from 'node:timers/promises';

export interface WaitOptions {
  /** 10 s unless given. */
  timeoutMs?: number;
  /** Between two looks; 25 ms unless given. */
  everyMs?: number;
}

/**
 * Looks until there is something to see and returns it: what `look` answers, unless that is `undefined`, `null` or
 * `false`. After the timeout it throws, with `what` was waited for and the last answer or error.
 */
export async function waitFor<T>(
  what: string,
  look: () => Promise<T> | T,
  { timeoutMs = 10_000, everyMs = 25 }: WaitOptions = {},
): Promise<NonNullable<Exclude<T, false>>> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    let last: unknown;
    try {
      const seen = await look();
      if (seen !== undefined && seen !== null && seen !== false) return seen as NonNullable<Exclude<T, false>>;
      last = seen;
    } catch (error) {
      last = error;
    }
    if (performance.now() > end)
      throw new Error(`Waited ${timeoutMs} ms for ${what}; last seen: ${String(last)}`, { cause: last });
    await delay(everyMs);
  }
}
