import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultConnectionName, nameWithPartner, uniqueConnectionName } from '#/engine/connection/connection-name.ts';
import { modeChoices } from '#/engine/connection/modes.ts';
import { connectionStatuses, mayBecome, statesBefore } from '#/engine/connection/status.ts';

describe('connection name', () => {
  it('is never one that is taken, and never longer than 200 characters', () => {
    const names = fc.string({ minLength: 1, maxLength: 250 });
    fc.assert(
      fc.property(names, fc.integer({ min: 0, max: 30 }), (wanted, count) => {
        const taken: string[] = [];
        for (let i = 0; i <= count; i++) {
          const name = uniqueConnectionName(wanted, taken);
          expect(name.length).toBeLessThanOrEqual(200);
          expect(taken.map((one) => one.toLowerCase())).not.toContain(name.toLowerCase());
          taken.push(name);
        }
      }),
    );
  });

  it('gets the partner’s name once that is known, unless an admin chose it', () => {
    expect(nameWithPartner('A to partner', 'A', 'B')).toBe('A to B');
    expect(nameWithPartner('A to partner (12)', 'A', 'B')).toBe('A to B');
    expect(nameWithPartner('A to partnership', 'A', 'B')).toBe('A to partnership');
    expect(nameWithPartner('Support', 'A', 'B')).toBe('Support');
    expect(defaultConnectionName('A'.repeat(300), 'B'.repeat(300)).length).toBeLessThanOrEqual(200);
  });
});

describe('status of an end', () => {
  it('is active only after it was pending, off, or in error; nothing becomes pending again', () => {
    expect(statesBefore('active')).toEqual(['pending', 'deactivated', 'error']);
    expect(statesBefore('pending')).toEqual([]);
    for (const status of connectionStatuses) expect(mayBecome(status, status)).toBe(false);
  });
});

describe('modes', () => {
  it('can be chosen when both nodes support them, and say why when not', () => {
    expect(modeChoices(null).map(({ available }) => available)).toEqual([true, false, false]);
    expect(modeChoices({ name: 'B', modes: ['SCRIPT'] })[0]).toEqual({
      mode: 'BASIC',
      available: false,
      reason: 'B does not support this mode.',
    });
    for (const { available, reason } of modeChoices({ name: 'B', modes: ['BASIC', 'VISUAL'] }))
      expect(reason === null).toBe(available);
  });
});
