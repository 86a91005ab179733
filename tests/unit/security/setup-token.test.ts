import { describe, expect, it } from 'vitest';
import { newSetupToken, setupTokenHash } from '#/services/setup/setup-token.ts';

describe('a set-up token', () => {
  it('has more than 112 bits, so that a plain hash keeps it', () => {
    const tokens = new Set(Array.from({ length: 1000 }, newSetupToken));
    expect(tokens.size).toBe(1000);
    for (const token of tokens) expect(token).toMatch(/^([A-HJ-KM-NP-TV-Z2-9]{5}-){4}[A-HJ-KM-NP-TV-Z2-9]{5}$/);
    expect(25 * Math.log2(30)).toBeGreaterThan(112);
  });

  it('may be typed in small letters and without hyphens', () => {
    const token = newSetupToken();
    expect(setupTokenHash(` ${token.toLowerCase().replaceAll('-', ' ')} `)).toBe(setupTokenHash(token));
    expect(setupTokenHash(newSetupToken())).not.toBe(setupTokenHash(token));
  });
});
