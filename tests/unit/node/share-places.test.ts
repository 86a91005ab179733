import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sharePlaces } from '#/services/node/share-places.ts';
import type { Share } from '#/services/node/share-places.ts';

const claim = (owner: string, wanted: number, held: number, untilMs = 1_000): Share => ({
  owner,
  wanted,
  held,
  sinceMs: 0,
  untilMs,
});
const ask = (owner: string, wanted: number, inFlight = 0) => ({ owner, wanted, inFlight, untilMs: 1_000 });

describe('places at Jira shared by the processes of a node', () => {
  it('gives all of them to the only one who asks', () => {
    expect(sharePlaces([], ask('worker', 16), { total: 16, nowMs: 0 }).granted).toBe(16);
  });

  it('gives whoever wants little what it wants, and the rest to the other', () => {
    const { granted } = sharePlaces([claim('web', 2, 2)], ask('worker', 16), { total: 16, nowMs: 0 });
    expect(granted).toBe(14);
  });

  it('asks a holder of all places to give up half when another wants as many', () => {
    const holders = [claim('worker', 16, 16)];
    const first = sharePlaces(holders, ask('web', 16), { total: 16, nowMs: 0 });
    expect(first.granted).toBe(0);
    const second = sharePlaces(first.shares, ask('worker', 16, 8), { total: 16, nowMs: 0 });
    expect(second.granted).toBe(8);
    expect(sharePlaces(second.shares, ask('web', 16), { total: 16, nowMs: 0 }).granted).toBe(8);
  });

  it('frees the places of a process that is gone when its claim has run out', () => {
    const { granted } = sharePlaces([claim('worker', 16, 16, 10)], ask('web', 4), { total: 16, nowMs: 11 });
    expect(granted).toBe(4);
  });

  it('never lets more requests be in flight than there are places, and lets everyone in sooner or later', () => {
    const step = fc.record({
      process: fc.nat({ max: 4 }),
      act: fc.constantFrom('agree', 'begin', 'finish', 'want'),
      amount: fc.nat({ max: 20 }),
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 16 }), fc.array(step, { maxLength: 120 }), (total, steps) => {
        const processes = Array.from({ length: 5 }, (_, n) => ({
          owner: `p${n}`,
          wanted: 0,
          inFlight: 0,
          granted: 0,
          begun: 0,
        }));
        let shares: Share[] = [];
        let nowMs = 0;
        const agree = (process: (typeof processes)[number]): void => {
          const { owner, wanted, inFlight } = process;
          const demand = { owner, wanted: Math.max(wanted, inFlight), inFlight, untilMs: Infinity };
          ({ shares, granted: process.granted } = sharePlaces(shares, demand, { total, nowMs: (nowMs += 1) }));
        };
        const begin = (process: (typeof processes)[number]): void => {
          if (process.inFlight >= process.granted) return;
          process.inFlight += 1;
          process.begun += 1;
        };
        for (const { process: index, act, amount } of steps) {
          const process = processes[index % processes.length];
          if (process === undefined) continue;
          if (act === 'want') process.wanted = amount;
          else if (act === 'agree') agree(process);
          else if (act === 'begin') begin(process);
          else process.inFlight = Math.max(0, process.inFlight - amount);
          expect(processes.reduce((sum, { inFlight }) => sum + inFlight, 0)).toBeLessThanOrEqual(total);
        }
        for (const process of processes) Object.assign(process, { wanted: 20, begun: 0 });
        for (let round = 0; round < 12; round += 1) {
          for (const process of processes) {
            process.inFlight = 0;
            agree(process);
            for (let n = 0; n < 20; n += 1) begin(process);
          }
        }
        for (const { begun } of processes) expect(begun).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });
});
