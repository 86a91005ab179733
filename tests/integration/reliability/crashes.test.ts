/**
 * Workers are killed at every named point, on both sides; whoever takes a lane after its lease must end up with one copy of
 * everything. A crash leaves the lane as `kill -9` would: nothing is saved, the lease is not given back. (Real kills of real
 * processes are in scripts/chaos.ts.)
 */
import { afterEach, describe, expect, it } from 'vitest';
import { exalateIssue } from '#/services/twin/exalate-issue.ts';
import { Crash, crashPoints } from '#/services/sync/tuning.ts';
import type { CrashPoint } from '#/services/sync/tuning.ts';
import { createLoad } from '../../support/load.ts';
import { usePair } from '../../support/pair.ts';
import { seededRandom } from '../../support/random.ts';
import { expectClean, handsOf, heal, quickNode, shortTimes, verdictOf } from '../../support/reliability.ts';

const killsPerPoint = 4;

/** Kills until every point has had its kills; the lane of one issue dies at most three times. */
class Killer {
  kills = new Map<CrashPoint, number>();
  #deaths = new Map<string, number>();
  #armed = false;

  readonly at = (point: CrashPoint, twinId: string | null): void => {
    const kills = this.kills.get(point) ?? 0;
    const deaths = this.#deaths.get(twinId ?? '') ?? 0;
    if (!this.#armed || kills >= killsPerPoint || deaths >= 3) return;
    this.kills.set(point, kills + 1);
    this.#deaths.set(twinId ?? '', deaths + 1);
    throw new Crash(`killed at "${point}"`);
  };

  arm(armed: boolean): void {
    this.#armed = armed;
    if (armed) this.kills = new Map();
    this.#deaths = new Map();
  }
}

const killers = { a: new Killer(), b: new Killer() };
const pair = usePair({
  nodeA: { ...quickNode, sync: { ...shortTimes, crashPoint: killers.a.at } },
  nodeB: { ...quickNode, sync: { ...shortTimes, crashPoint: killers.b.at } },
});

afterEach(async () => {
  for (const killer of Object.values(killers)) killer.arm(false);
  await heal(pair);
});

describe('workers that are killed at every point of a write and of a message', () => {
  it.each([
    ['one side', 1, ['a']],
    ['the other side', 2, ['b']],
    ['both sides', 3, ['a', 'b']],
  ] as const)(
    'on %s repeat nothing and lose nothing',
    async (_name, seed, sides) => {
      const load = createLoad(seededRandom(seed), seed * 10_000);
      const hands = { a: handsOf(pair.a, 'jane in A'), b: handsOf(pair.b, 'jane in B') };
      const synced: (readonly [string, string])[] = [];
      for (let n = 0; n < 6; n += 1) {
        const key = await load.newIssue(hands.a, { comments: 1, attachments: 0 });
        synced.push([key, await pair.sync(key)]);
      }

      for (const side of sides) killers[side].arm(true);
      for (const from of ['a', 'b'] as const) {
        for (let n = 0; n < 6; n += 1) {
          const issueKey = await load.newIssue(hands[from], { comments: 2, attachments: 1 });
          await exalateIssue(pair[from].ctx, { connectionId: pair[from].connectionId, issueKey });
        }
      }
      for (const [keyA, keyB] of synced) {
        await load.editFields(hands.a, keyA);
        await load.editComment();
        await load.comment(hands.b, keyB);
        await load.attach(hands.a, keyA);
        await load.attach(hands.b, keyB);
        await load.changeType(hands.b, keyB);
      }

      expectClean(await verdictOf(pair, load.expected));
      for (const side of sides) expect([...killers[side].kills.keys()].toSorted()).toEqual([...crashPoints].toSorted());
    },
    60_000,
  );
});
