/** What a poll of the own Jira saw, as triggers need it. */
import { createHash } from 'node:crypto';

export interface PollWindow {
  /** Lower bound of the poll and the newest `updated` that it saw, both in Jira's time. */
  readonly sinceMs: number;
  readonly newestMs: number;
  /** The same for every poll in which nothing new was seen. */
  readonly fingerprint: string;
  /** In which Jira reads JQL dates. */
  readonly zone: string;
}

const minuteMs = 60_000;

/**
 * Stands for the changes at the newest end of a poll. The next poll asks for exactly this span again, so as long as nothing
 * changes it sees the same, and triggers have nothing to look at. Jira tells change times in seconds: what was read in the very
 * second of the newest change may have changed once more in it, so such a poll is like no other.
 */
export function pollFingerprint(
  updated: ReadonlyMap<string, number>,
  poll: { newestMs: number; spanMs: number; readAtMs: number | null },
): string {
  const { newestMs, spanMs, readAtMs } = poll;
  const from = Math.floor((newestMs - spanMs) / minuteMs) * minuteMs;
  const recent = [...updated].filter(([, updatedMs]) => updatedMs >= from).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const unsettled = readAtMs !== null && readAtMs < newestMs + 1_000 ? readAtMs : null;
  return createHash('sha256')
    .update(JSON.stringify([newestMs, recent, unsettled]))
    .digest('base64url');
}
