/**
 * Walking everything that a query finds, however many and however long it takes. Offsets shift while issues stop matching, and
 * `id > N` finds only issues of N's own project in Jira; an issue's creation never changes, so the walk goes from one
 * creation minute to the next and uses offsets within a minute only (an import can put thousands into one).
 */
import type { SearchHit } from '../ports.ts';

export interface WalkCursor {
  /** Creation time of the last hit that the walk has passed (cut to the minute), null at the beginning. */
  readonly sinceMs: number | null;
  readonly startAt: number;
  /** Ids at the end of the page before, by which the next page shows that nothing slipped through between them. */
  readonly tail: readonly string[];
}

export const walkStart: WalkCursor = { sinceMs: null, startAt: 0, tail: [] };

const minuteMs = 60_000;
/** So many hits of a page are asked for again by the next page of the same minute. */
export const overlap = 50;

/** Where the walk goes on after a page; null at the end. */
export function nextCursor(
  cursor: WalkCursor,
  page: { startAt: number; total: number; hits: readonly Pick<SearchHit, 'id' | 'createdMs'>[] },
): WalkCursor | null {
  const { hits } = page;
  const last = hits.at(-1);
  const slipped = cursor.tail.length > 0 && !hits.some((hit) => cursor.tail.includes(hit.id));
  // Issues before this page stopped matching and everything moved up: back by a page's worth, as far as needed.
  if (slipped && cursor.startAt > 0) return { ...cursor, startAt: Math.max(0, cursor.startAt - 500), tail: [] };
  if (last === undefined || page.startAt + hits.length >= page.total) return null;
  const minute = Math.floor(last.createdMs / minuteMs) * minuteMs;
  if (cursor.sinceMs === null || minute > cursor.sinceMs) return { sinceMs: minute, startAt: 0, tail: [] };
  const back = Math.min(overlap, hits.length - 1);
  return {
    sinceMs: cursor.sinceMs,
    startAt: page.startAt + hits.length - back,
    tail: hits.slice(-back).map((hit) => hit.id),
  };
}
