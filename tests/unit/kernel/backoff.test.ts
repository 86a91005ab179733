import { expect, it } from 'vitest';
import { backoffMs } from '#/kernel/backoff.ts';

const limits = { baseMs: 1000, maxMs: 60_000 };
const nearlyOne = (): number => 1 - Number.EPSILON;

it('doubles the ceiling with each attempt up to the maximum', () => {
  expect([1, 2, 3, 6, 7, 100, 5000].map((attempt) => backoffMs(attempt, limits, nearlyOne))).toEqual([
    999, 1999, 3999, 31_999, 59_999, 59_999, 59_999,
  ]);
});

it('spreads the waits over the whole range below the ceiling', () => {
  expect([0, 0.25, 0.5].map((share) => backoffMs(3, limits, () => share))).toEqual([0, 1000, 2000]);
});

it('treats attempts below 1 as the first', () => {
  expect(backoffMs(0, limits, nearlyOne)).toBe(999);
  expect(backoffMs(-5, limits, nearlyOne)).toBe(999);
});
