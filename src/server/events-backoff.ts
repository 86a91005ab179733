/** Pause before the n-th attempt to listen again: half a second, doubling, at most 10 s. */
export function backoffMs(failures: number): number {
  return Math.min(10_000, 500 * 2 ** Math.min(failures, 10));
}
