import type { TrackerError } from '#/engine/ports.ts';

const maxRetries = 2;

/**
 * Milliseconds to wait before a failed call is sent again, null when it must not be. Reads are repeated after a lost connection,
 * 502 to 504 and 429; writes only after 429, which Jira's rate limiter answers before the resource sees the request. At most
 * two repetitions; exponential from 250 ms with full jitter on top. `Retry-After` itself is waited out by the pause that all
 * calls share.
 */
export function retryDelayMs(
  error: TrackerError,
  facts: { attempt: number; reads: boolean; random: () => number },
): number | null {
  if (facts.attempt >= maxRetries) return null;
  const again =
    error.code === 'rate_limited' || (facts.reads && (error.code === 'unreachable' || error.code === 'unavailable'));
  // A pause that is too long to wait out fails every call alike, see Pause.
  const hopeless = error.outcome === 'not_performed' && error.retryAfterMs !== null;
  if (!again || hopeless) return null;
  const base = (error.code === 'rate_limited' ? 1000 : 250) * 2 ** facts.attempt;
  return Math.round(base * (1 + facts.random()));
}
