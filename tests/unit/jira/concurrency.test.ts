import { describe, expect, it } from 'vitest';
import { AdaptiveLimit } from '#/jira/concurrency.ts';

describe('adaptive limit of requests in flight', () => {
  it('never lets more than the limit run, first come first served', async () => {
    const limit = new AdaptiveLimit(2);
    const order: number[] = [];
    const first = await limit.acquire();
    const second = await limit.acquire();
    const third = limit.acquire().then((permit) => (order.push(3), permit));
    const fourth = limit.acquire().then((permit) => (order.push(4), permit));
    await Promise.resolve();
    expect(order).toEqual([]);
    first.finish('ok');
    const permit = await third;
    expect(order).toEqual([3]);
    second.finish('ok');
    permit.finish('ok');
    (await fourth).finish('ok');
    expect(order).toEqual([3, 4]);
  });

  it('halves once for all requests that met the same congestion, down to one', async () => {
    const limit = new AdaptiveLimit(16);
    const permits = await Promise.all(Array.from({ length: 16 }, () => limit.acquire()));
    for (const permit of permits) permit.finish('congested');
    expect(limit.limit).toBe(8);
    for (let i = 0; i < 10; i++) (await limit.acquire()).finish('congested');
    expect(limit.limit).toBe(1);
  });

  it('grows back to its maximum with successes, and not above it', async () => {
    const limit = new AdaptiveLimit(4);
    (await limit.acquire()).finish('congested');
    (await limit.acquire()).finish('congested');
    expect(limit.limit).toBe(1);
    for (let i = 0; i < 20; i++) (await limit.acquire()).finish('ok');
    expect(limit.limit).toBe(4);
  });
});
