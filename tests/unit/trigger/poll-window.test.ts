import { describe, expect, it } from 'vitest';
import { pollFingerprint } from '#/engine/trigger/poll-window.ts';

const minute = 60_000;
const at = (seen: [string, number][], readAtMs: number | null = 100 * minute) =>
  pollFingerprint(new Map(seen), { newestMs: 50 * minute, spanMs: 2 * minute, readAtMs });

describe('the fingerprint of a poll', () => {
  it('is the same for the poll that saw a change and for the idle ones after it, in any order', () => {
    const first = at([
      ['1', 3 * minute],
      ['2', 49 * minute],
      ['3', 50 * minute],
    ]);
    expect(
      at(
        [
          ['3', 50 * minute],
          ['2', 49 * minute],
        ],
        101 * minute,
      ),
    ).toBe(first);
  });

  it('differs when an issue appears, even one that the index brings late, or changes again', () => {
    const before = at([['3', 50 * minute]]);
    expect(
      at([
        ['2', 49 * minute],
        ['3', 50 * minute],
      ]),
    ).not.toBe(before);
    expect(
      at([
        ['3', 50 * minute],
        ['4', 50 * minute],
      ]),
    ).not.toBe(before);
    expect(at([['3', 49 * minute]])).not.toBe(before);
  });

  it('read in the second of the newest change is like no later one, for the same second may bring another', () => {
    const early = at([['3', 50 * minute]], 50 * minute);
    expect(at([['3', 50 * minute]], 50 * minute + 1_000)).not.toBe(early);
    expect(at([['3', 50 * minute]], 50 * minute + 1_000)).toBe(at([['3', 50 * minute]], 60 * minute));
  });
});
