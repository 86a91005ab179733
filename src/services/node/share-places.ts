/**
 * Dividing the places of `JIRA_CONCURRENCY` among the processes of a node: whoever wants little gets it, the others get
 * equal parts of the rest (max-min fairness). Pure; {@link createJiraPlaces} keeps the result in the database.
 */

/** What one process holds of the node's places. */
export interface Share {
  owner: string;
  /** Requests it has or would like to have in flight. */
  wanted: number;
  /** Places that nobody else may use, in flight or free. */
  held: number;
  /** Since when it has held places without a break, or none at all. */
  sinceMs: number;
  /** When its claim ends unless it is renewed, milliseconds of the database's clock. */
  untilMs: number;
}

export interface Demand {
  owner: string;
  wanted: number;
  /** Requests in flight, which no decision can take back. */
  inFlight: number;
  untilMs: number;
}

/**
 * The shares after `demand` was heard, and how many requests its owner may have in flight from now on. The places held by
 * all never exceed `total`, unless more were in flight already: what a process has to give up passes on once it is free.
 */
export function sharePlaces(
  shares: readonly Share[],
  demand: Demand,
  { total, nowMs }: { total: number; nowMs: number },
): { shares: Share[]; granted: number } {
  const { owner, wanted, inFlight, untilMs } = demand;
  const others = shares.filter((share) => share.owner !== owner && share.untilMs > nowMs);
  if (wanted === 0 && inFlight === 0) return { shares: others, granted: 0 };
  const { held, sinceMs } = shares.find((share) => share.owner === owner) ?? { held: 0, sinceMs: nowMs };
  const free = Math.max(0, total - others.reduce((taken, other) => taken + other.held, 0));
  const due = fairPart([...others, { owner, wanted: Math.max(1, wanted), held, sinceMs, untilMs }], owner, total);
  const granted = Math.min(due, free);
  const holds = Math.max(granted, inFlight);
  const mine = { owner, wanted, held: holds, sinceMs: holds > 0 === held > 0 ? sinceMs : nowMs, untilMs };
  return { shares: [...others, mine], granted };
}

/** The part of `owner`. Places that cannot be split go round: to those who have waited longest, from those who have had one longest. */
function fairPart(claims: readonly Share[], owner: string, total: number): number {
  const byWish = claims.toSorted((one, two) => one.wanted - two.wanted);
  let left = total;
  for (const [index, claim] of byWish.entries()) {
    const equal = left / (byWish.length - index);
    if (claim.wanted > equal) {
      const rest = byWish.slice(index).toSorted(fewestFirst);
      const place = rest.findIndex((other) => other.owner === owner);
      if (place === -1) break;
      return Math.floor(equal) + (place < left % rest.length ? 1 : 0);
    }
    if (claim.owner === owner) return claim.wanted;
    left -= claim.wanted;
  }
  return byWish.find((claim) => claim.owner === owner)?.wanted ?? 0;
}

function fewestFirst(one: Share, two: Share): number {
  const earlierFirst = one.sinceMs - two.sinceMs || (one.owner < two.owner ? -1 : 1);
  return one.held - two.held || (one.held === 0 ? earlierFirst : -earlierFirst);
}
