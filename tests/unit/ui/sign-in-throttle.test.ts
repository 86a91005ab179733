import { describe, expect, it } from 'vitest';
import { pauseSeconds } from '#/services/sign-in/throttle.ts';

describe('the pause after failed sign-ins', () => {
  it('stops an account before its third failure, which Jira would answer with a CAPTCHA', () => {
    expect(pauseSeconds('account', 1)).toBe(0);
    expect(pauseSeconds('account', 2)).toBeGreaterThanOrEqual(15 * 60);
  });

  it('slows an address from the second failure on, and never less than before', () => {
    const pauses = Array.from({ length: 20 }, (_, index) => pauseSeconds('address', index + 1));
    expect(pauses[0]).toBe(0);
    expect(pauses[1]).toBeGreaterThan(0);
    expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
  });

  it('is none without a failure', () => {
    expect(pauseSeconds('account', 0)).toBe(0);
    expect(pauseSeconds('address', 0)).toBe(0);
  });
});
