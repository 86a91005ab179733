/**
 * Milliseconds that a `Retry-After` header asks for (seconds or an HTTP date, RFC 9110 §10.2.3), at most an hour; null when absent
 * or unreadable.
 */
export function parseRetryAfter(header: string | undefined, nowMs: number): number | null {
  if (header === undefined) return null;
  const text = header.trim();
  const ms = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) * 1000 : Date.parse(text) - nowMs;
  return Number.isNaN(ms) ? null : Math.min(Math.max(0, ms), 3_600_000);
}
