import { expect, it } from 'vitest';
import type { Clock, Ids } from '#/engine/ports.ts';
import { systemClock } from '#/kernel/clock.ts';
import { randomIds } from '#/kernel/ids.ts';

it('are what the engine asks for', () => {
  const clock: Clock = systemClock;
  const ids: Ids = randomIds;
  const before = Date.now();
  expect(clock.now()).toBeGreaterThanOrEqual(before);
  expect(ids.uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(ids.uuid()).not.toBe(ids.uuid());
});
