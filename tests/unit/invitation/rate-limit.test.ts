import { describe, expect, it } from 'vitest';
import { createRateLimit } from '#/services/invitation/rate-limit.ts';

const refused = expect.objectContaining({ status: 429, code: 'too_many_requests', retryAfterS: 60 });

describe('rate limit of unsigned requests', () => {
  it('stops one address after thirty in a minute, says when to come back, and lets it in again then', () => {
    const limit = createRateLimit();
    for (let i = 0; i < 30; i++) limit('1.1.1.1', 0);
    expect(() => limit('1.1.1.1', 0)).toThrow(refused);
    expect(() => limit('2.2.2.2', 0)).not.toThrow();
    expect(() => limit('1.1.1.1', 60_000)).not.toThrow();
  });

  it('stops everybody together, so that made-up addresses do not help', () => {
    const limit = createRateLimit();
    for (let i = 0; i < 600; i++) limit(`address ${i}`, 0);
    expect(() => limit('another', 0)).toThrow(refused);
    expect(() => limit('another', 60_000)).not.toThrow();
  });
});
