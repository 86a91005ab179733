/** A key is rotated while issues are edited on both sides: nothing is refused, lost or doubled. */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { channelTarget } from '#/services/connection/channel-target.ts';
import { getConnection } from '#/services/connection/get-connection.ts';
import { rotateChannelKey } from '#/services/connection/rotate-channel-key.ts';
import { type FaultProxy, startFaultProxy } from '../../support/fault-proxy.ts';
import { createLoad } from '../../support/load.ts';
import { type Company, type Pair, usePair } from '../../support/pair.ts';
import { seededRandom } from '../../support/random.ts';
import { expectClean, handsOf, quickNode, verdictOf } from '../../support/reliability.ts';
import { waitFor } from '../../support/wait-for.ts';

/** The worker goes on with a rotation every few seconds. */
const patienceMs = 40_000;

const keyOf = async ({ ctx, connectionId }: Company): Promise<string> =>
  channelTarget(ctx, await ctx.db.connection.findUniqueOrThrow({ where: { id: connectionId } })).key;

/** No rotation is under way, and the grace of an earlier one is over. */
async function graceOver(pair: Pair): Promise<void> {
  await settled(pair);
  for (const { ctx } of [pair.a, pair.b])
    await ctx.db.connection.updateMany({ data: { previousKey: null, previousKeyUntil: null } });
}

/** Edits on both sides go on until `work` has ended; gives what the oracle has to expect. */
async function underLoad(
  pair: Pair,
  seed: number,
  work: () => Promise<void>,
): Promise<ReadonlyMap<string, string | null>> {
  const load = createLoad(seededRandom(seed), seed * 1_000);
  const [a, b] = [handsOf(pair.a, 'jane in A'), handsOf(pair.b, 'jane in B')];
  const pairs: [string, string][] = [];
  for (let n = 0; n < 3; n += 1) {
    const key = await load.newIssue(a, { comments: 1, attachments: 1 });
    pairs.push([key, await pair.sync(key)]);
  }
  let over = false;
  const edits = (async () => {
    for (let n = 0; !over || n < 6; n += 1) {
      for (const [keyA, keyB] of pairs) {
        await load.comment(b, keyB);
        await load.editFields(a, keyA);
        if (n % 3 === 0) await load.attach(n % 2 === 0 ? a : b, n % 2 === 0 ? keyA : keyB);
      }
      await sleep(20);
    }
  })();
  try {
    await work();
  } finally {
    over = true;
    await edits;
  }
  return load.expected;
}

async function rotated(pair: Pair, by: Company): Promise<void> {
  const before = await keyOf(pair.a);
  await rotateChannelKey(by.ctx, { id: by.connectionId });
  await waitFor(
    'both ends to use one new key',
    async () => {
      const [mine, theirs] = [await keyOf(pair.a), await keyOf(pair.b)];
      return mine !== before && mine === theirs;
    },
    { timeoutMs: patienceMs },
  );
  await settled(pair);
}

async function settled(pair: Pair): Promise<void> {
  await waitFor(
    'no rotation to be under way',
    async () => {
      for (const { ctx, connectionId } of [pair.a, pair.b])
        if ((await getConnection(ctx, { id: connectionId })).channelKeyState?.underWay !== null) return false;
      return true;
    },
    { timeoutMs: patienceMs },
  );
}

const refused = async (pair: Pair): Promise<number> => {
  let count = 0;
  for (const { ctx } of [pair.a, pair.b]) count += await ctx.db.syncError.count({ where: { code: 'partner_refuses' } });
  return count;
};

describe('between two nodes that reach each other', () => {
  const pair = usePair({ nodeA: quickNode, nodeB: quickNode });
  let toB: FaultProxy;
  beforeAll(async () => {
    toB = await startFaultProxy(pair.b.node.url);
    await pair.a.ctx.db.connection.updateMany({ data: { partnerUrl: toB.url } });
  });
  afterAll(() => toB.stop());

  it.each([
    ['A', 11],
    ['B', 12],
  ] as const)(
    'goes on while messages and files are under way, begun by %s',
    async (side, seed) => {
      await graceOver(pair);
      const expected = await underLoad(pair, seed, () => rotated(pair, side === 'A' ? pair.a : pair.b));
      expectClean(await verdictOf(pair, expected));
      expect(await refused(pair)).toBe(0);
    },
    120_000,
  );

  it('is carried to its end by the worker when the answers to both questions are lost', async () => {
    await graceOver(pair);
    const expected = await underLoad(pair, 13, async () => {
      toB.add({ kind: 'lostReply' }, { path: /\/questions$/, count: 2 });
      await rotated(pair, pair.a);
    });
    toB.clear();
    expectClean(await verdictOf(pair, expected));
    expect(await refused(pair)).toBe(0);
  }, 120_000);
});

describe('with a private node', () => {
  const pair = usePair({ nodeA: quickNode, nodeB: { ...quickNode, pollOnly: true } });

  it.each([
    ['the public', 14],
    ['the private', 15],
  ] as const)(
    'goes on while it brings and fetches files, begun by %s one',
    async (side, seed) => {
      await graceOver(pair);
      const expected = await underLoad(pair, seed, () => rotated(pair, side === 'the public' ? pair.a : pair.b));
      expectClean(await verdictOf(pair, expected));
      expect(await refused(pair)).toBe(0);
    },
    120_000,
  );
});
