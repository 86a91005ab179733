import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { emptyDelta } from '#/engine/replica/delta.ts';
import { receiveMessages } from '#/services/sync/receive-messages.ts';
import { exalateIssue } from '#/services/twin/exalate-issue.ts';
import { unexalateIssue } from '#/services/twin/unexalate-issue.ts';
import { htmlPage, startFaultProxy } from '../../support/fault-proxy.ts';
import type { FaultProxy, Toxic } from '../../support/fault-proxy.ts';
import { createLoad } from '../../support/load.ts';
import { usePair } from '../../support/pair.ts';
import { seededRandom } from '../../support/random.ts';
import { expectClean, handsOf, quickNode, verdictOf } from '../../support/reliability.ts';
import { waitFor } from '../../support/wait-for.ts';

const pair = usePair({ nodeA: quickNode, nodeB: quickNode });
let toB: FaultProxy;
let toA: FaultProxy;

beforeAll(async () => {
  const random = seededRandom(1);
  toB = await startFaultProxy(pair.b.node.url, () => random.next());
  toA = await startFaultProxy(pair.a.node.url, () => random.next());
  await pair.a.ctx.db.connection.updateMany({ data: { partnerUrl: toB.url } });
  await pair.b.ctx.db.connection.updateMany({ data: { partnerUrl: toA.url } });
});

afterEach(() => {
  for (const proxy of [toA, toB]) proxy.clear();
});

afterAll(async () => {
  await toA.stop();
  await toB.stop();
});

let runs = 0;

/** Issues begin on both sides, and edits go back and forth, while the toxics are at work. */
async function work(toxics: readonly [Toxic, number][], path?: RegExp): Promise<void> {
  runs += 1;
  const load = createLoad(seededRandom(runs), 100_000 + runs * 1_000);
  const [a, b] = [handsOf(pair.a, 'jane in A'), handsOf(pair.b, 'jane in B')];
  const keyA = await load.newIssue(a, { comments: 1, attachments: 1 });
  const keyB = await pair.sync(keyA);
  for (const proxy of [toA, toB]) {
    for (const [toxic, probability] of toxics)
      proxy.add(toxic, { probability, ...(path === undefined ? {} : { path }) });
  }
  for (const [company, hands] of [
    [pair.a, a],
    [pair.b, b],
  ] as const) {
    for (let n = 0; n < 3; n += 1) {
      const issueKey = await load.newIssue(hands, { comments: 2, attachments: 1 });
      await exalateIssue(company.ctx, { connectionId: company.connectionId, issueKey });
    }
  }
  for (let n = 0; n < 5; n += 1) {
    await load.editFields(a, keyA);
    await load.comment(b, keyB);
    await load.editComment();
    await load.attach(n % 2 === 0 ? a : b, n % 2 === 0 ? keyA : keyB);
  }
  // So many, or until everything has arrived in spite of them.
  const before = toA.seen.spoiled + toB.seen.spoiled;
  await waitFor(
    'the toxics to have spoiled enough',
    async () =>
      toA.seen.spoiled + toB.seen.spoiled >= before + 8 ||
      (await pair.a.ctx.db.syncEvent.count()) + (await pair.b.ctx.db.syncEvent.count()) === 0,
    { timeoutMs: 20_000 },
  );
  for (const proxy of [toA, toB]) proxy.clear();
  expectClean(await verdictOf(pair, load.expected));
}

describe('between the nodes', () => {
  it.each<[string, [Toxic, number][]]>([
    ['replies are lost after the partner stored the messages', [[{ kind: 'lostReply' }, 0.3]]],
    ['messages arrive twice', [[{ kind: 'doubled' }, 0.6]]],
    [
      'connections are cut, answers truncated and delayed',
      [
        [{ kind: 'latency', ms: 20, jitterMs: 200 }, 0.5],
        [{ kind: 'reset' }, 0.15],
        [{ kind: 'truncate' }, 0.15],
      ],
    ],
    [
      'a proxy answers 503, 429 and a web page with status 200',
      [
        [{ kind: 'respond', status: 503 }, 0.1],
        [{ kind: 'respond', status: 429, headers: { 'retry-after': '1' } }, 0.1],
        [htmlPage, 0.1],
      ],
    ],
  ])(
    '%s: nothing is lost, doubled or echoed',
    async (_name, toxics) => {
      const before = toA.seen.spoiled + toB.seen.spoiled;
      await work(toxics);
      expect(toA.seen.spoiled + toB.seen.spoiled).toBeGreaterThan(before);
    },
    60_000,
  );

  it('an old message that arrives again after the issue began anew ends no pair', async () => {
    const load = createLoad(seededRandom(8), 300_000);
    const key = await load.newIssue(handsOf(pair.a, 'jane in A'), { comments: 1, attachments: 0 });
    await pair.sync(key);
    const old = await pair.a.ctx.db.twin.findFirstOrThrow({ where: { localIssueKey: key } });
    await unexalateIssue(pair.a.ctx, { twinId: old.id });
    await pair.sync(key);
    const none = { done: 0, total: 0 };
    const issue = { id: old.localIssueId ?? '', key, projectKey: 'TEST', parentTwin: null, subtask: false };
    const progress = { applied: 0, comments: none, attachments: none, error: null };
    const message = {
      id: randomUUID(),
      twin: old.uid,
      number: 1,
      kind: 'exalate',
      content: false,
      issue,
      delta: emptyDelta(),
      progress,
      ended: null,
    } as const;
    await receiveMessages(pair.b.ctx, { connectionId: pair.b.connectionId, messages: [message] });
    expectClean(await verdictOf(pair, load.expected));
    expect(await pair.b.ctx.db.twin.count({ where: { remoteIssueKey: key, endedAt: null } })).toBe(1);
  }, 60_000);

  it(
    'files that break off on the way arrive whole in the end',
    () => work([[{ kind: 'truncate' }, 0.4]], /attachments/),
    60_000,
  );

  it('a partner that is down costs one error, and everything catches up when it is back', async () => {
    const load = createLoad(seededRandom(9), 200_000);
    const a = handsOf(pair.a, 'jane in A');
    const keys = [];
    for (let n = 0; n < 5; n += 1) keys.push(await load.newIssue(a, { comments: 1, attachments: 0 }));
    for (const key of keys) await pair.sync(key);
    await toB.down();
    for (const key of keys) await load.editFields(a, key);
    const errors = (): Promise<{ code: string; impact: string }[]> =>
      pair.a.ctx.db.syncError.findMany({ where: { resolvedAt: null }, select: { code: true, impact: true } });
    await waitFor('the error', async () => (await errors()).length > 0);
    for (const key of keys) await load.comment(a, key);
    await waitFor(
      'another attempt',
      async () =>
        (await pair.a.ctx.db.connection.findFirstOrThrow({ select: { partnerFailures: true } })).partnerFailures >= 2,
    );
    expect(await errors()).toEqual([{ code: 'partner_unreachable', impact: 'connection' }]);
    await toB.up();
    expectClean(await verdictOf(pair, load.expected));
    expect(await errors()).toEqual([]);
  }, 60_000);
});
