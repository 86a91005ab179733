import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runProgress } from '#/engine/bulk/run.ts';
import { nextCursor, walkStart } from '#/engine/bulk/walk.ts';
import type { WalkCursor } from '#/engine/bulk/walk.ts';

interface Issue {
  id: string;
  createdMs: number;
}

/** Walks as the services do; `between` may change what matches after each page. */
function walk(
  issues: Issue[],
  between: (page: number, issues: Issue[]) => Issue[] = (_, same) => same,
  pageSize = 100,
): Set<string> {
  const seen = new Set<string>();
  let current = issues;
  let cursor: WalkCursor | null = walkStart;
  for (let page = 0; cursor !== null; page += 1) {
    expect(page).toBeLessThan(1_000);
    const since: number = cursor.sinceMs ?? -Infinity;
    const startAt: number = cursor.startAt;
    const matching = current
      .filter((issue) => issue.createdMs >= since)
      .toSorted((a, b) => a.createdMs - b.createdMs || Number(a.id) - Number(b.id));
    const hits = matching.slice(startAt, startAt + pageSize);
    for (const hit of hits) seen.add(hit.id);
    cursor = nextCursor(cursor, { startAt, total: matching.length, hits });
    current = between(page, current);
  }
  return seen;
}

const many = (count: number, everyMs: number): Issue[] =>
  Array.from({ length: count }, (_, index) => ({ id: String(index), createdMs: 1_700_000_000_000 + index * everyMs }));

describe('the walk over all matches', () => {
  it('sees every issue, spread over time or all of one minute', () => {
    for (const everyMs of [0, 50, 5_000, 600_000]) expect(walk(many(1_234, everyMs)).size).toBe(1_234);
    expect(walk([]).size).toBe(0);
  });

  it('sees every issue that matches all the time while others stop matching', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2_000 }),
        fc.integer({ min: 2, max: 9 }),
        fc.integer({ min: 1, max: 60 }),
        (everyMs, share, perPage) => {
          const issues = many(900, everyMs);
          const leaves = (issue: Issue): boolean => Number(issue.id) % share === 0;
          const seen = walk(issues, (page, current) => {
            const gone = new Set(
              current
                .filter(leaves)
                .slice(0, perPage)
                .map(({ id }) => id),
            );
            return current.filter(({ id }) => !gone.has(id));
          });
          for (const issue of issues) if (!leaves(issue)) expect(seen).toContain(issue.id);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('sees every issue even when a whole page at once stops matching', () => {
    const issues = many(2_000, 0);
    const seen = walk(issues, (page, current) =>
      page === 3 ? current.filter(({ id }) => Number(id) >= 200) : current,
    );
    expect(seen.size).toBe(2_000);
  });
});

describe('progress', () => {
  const run = { done: 30, failed: 10, total: 100, startedAt: new Date(0), endedAt: null };
  it('estimates from what is finished', () => {
    expect(runProgress(run, 40_000)).toEqual({ done: 30, failed: 10, total: 100, estimateSeconds: 60 });
  });
  it('promises nothing at the beginning or the end', () => {
    expect(runProgress({ ...run, done: 0, failed: 0 }, 40_000).estimateSeconds).toBeNull();
    expect(runProgress({ ...run, startedAt: null }, 40_000).estimateSeconds).toBeNull();
    expect(runProgress({ ...run, endedAt: new Date(1) }, 40_000).estimateSeconds).toBeNull();
  });
});
