/**
 * When a value was written, and on which side of the connection. Both nodes order stamps alike, which is what makes
 * conflicts converge (C4): the later change wins, and of two changes at the same millisecond the initiating side's.
 */
export const sides = ['initiator', 'acceptor'] as const;
export type Side = (typeof sides)[number];

export interface Stamp {
  /** Jira's change time in epoch milliseconds, pushed forward where needed so that it follows the value it replaces. */
  readonly time: number;
  readonly side: Side;
}

export function otherSide(side: Side): Side {
  return side === 'initiator' ? 'acceptor' : 'initiator';
}

/** Negative when `a` is older than `b`, 0 when equal, positive when newer. */
export function compareStamps(a: Stamp, b: Stamp): number {
  if (a.time !== b.time) return a.time - b.time;
  if (a.side === b.side) return 0;
  return a.side === 'initiator' ? 1 : -1;
}

/** Whether `a` is newer than `b`; anything is newer than nothing. */
export function isNewer(a: Stamp, b: Stamp | null): boolean {
  return b === null || compareStamps(a, b) > 0;
}

export function newerStamp(a: Stamp | null, b: Stamp | null): Stamp | null {
  if (a === null) return b;
  if (b === null) return a;
  return compareStamps(a, b) >= 0 ? a : b;
}

/**
 * The stamp of a change seen on `side` at Jira's time `changedMs`, made to the value stamped `previous`. A change made
 * with the previous value in sight must win over it even when this Jira's clock is behind the other one's.
 */
export function stampAfter(previous: Stamp | null, changedMs: number, side: Side): Stamp {
  return { time: previous === null ? changedMs : Math.max(changedMs, previous.time + 1), side };
}
