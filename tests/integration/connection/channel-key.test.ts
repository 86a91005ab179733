import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signToken } from '#/engine/protocol/token.ts';
import { channelTarget } from '#/services/connection/channel-target.ts';
import { getConnection } from '#/services/connection/get-connection.ts';
import { resumeKeyRotations, rotateChannelKey } from '#/services/connection/rotate-channel-key.ts';
import { setConnectionActive } from '#/services/connection/set-connection-active.ts';
import { connect } from './support/connect.ts';
import { START, startTestNode, type TestNode } from './support/test-node.ts';

let a: TestNode;
let b: TestNode;
beforeAll(async () => {
  [a, b] = await Promise.all([startTestNode('Alpha'), startTestNode('Beta')]);
});
afterAll(async () => {
  await Promise.all([a, b].map((node) => node.stop()));
});

interface End {
  node: TestNode;
  id: string;
}

/** A new connection; `here` initiated it. */
async function ends(): Promise<{ here: End; there: End; keys: () => Promise<[string, string]>; oldKey: string }> {
  const { initiator, acceptor } = await connect(a, b);
  const here = { node: a, id: initiator };
  const there = { node: b, id: acceptor };
  const keys = async (): Promise<[string, string]> => [await keyOf(here), await keyOf(there)];
  return { here, there, keys, oldKey: await keyOf(here) };
}

const row = ({ node, id }: End) => node.ctx.db.connection.findUniqueOrThrow({ where: { id } });
const keyOf = async (end: End): Promise<string> => channelTarget(end.node.ctx, await row(end)).key;
const rotate = (end: End) => rotateChannelKey(end.node.admin, { id: end.id });
const shown = async (end: End) => (await getConnection(end.node.admin, { id: end.id })).channelKeyState;
/** Whether the partner takes a request of this end, signed as this end signs now. */
const heard = async (end: End): Promise<boolean> =>
  (await setConnectionActive(end.node.admin, { id: end.id, active: false })).partnerTold &&
  (await setConnectionActive(end.node.admin, { id: end.id, active: true })).partnerTold;

/** What `to` answers to a request that `from` signs with this key. */
async function withKey(from: End, to: End, key: string): Promise<number> {
  const target = { ...channelTarget(from.node.ctx, await row(from)), key };
  const path = '/api/node/v1/connection';
  const body = JSON.stringify({ kind: 'activated' });
  const token = await signToken(
    { connectionUid: target.connectionUid, senderUid: target.selfUid, receiverUid: target.partnerUid, key },
    { method: 'POST', target: path, body: Buffer.from(body) },
    { nowMs: from.node.clock.now(), jti: randomUUID() },
  );
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
  return (await fetch(to.node.ctx.node.exalateUrl + path, { method: 'POST', body, headers })).status;
}

function laterBy(ms: number): void {
  for (const node of [a, b]) node.clock.set(node.clock.now() + ms);
}

describe('rotation of a channel key', () => {
  it('gives both ends the same new key, and the old one is good for ten minutes more', async () => {
    const { here, there, keys, oldKey } = await ends();
    expect(await rotate(here)).toEqual({ done: true });
    const [mine, theirs] = await keys();
    expect(mine).toBe(theirs);
    expect(mine).not.toBe(oldKey);
    expect([await heard(here), await heard(there)]).toEqual([true, true]);
    for (const [from, to] of [
      [here, there],
      [there, here],
    ] as const) {
      expect(await withKey(from, to, oldKey)).toBe(200);
      expect(await shown(from)).toMatchObject({ underWay: null, previousUntil: expect.any(Date) });
    }
    laterBy(10 * 60_000 + 1);
    for (const [from, to] of [
      [here, there],
      [there, here],
    ] as const) {
      expect(await withKey(from, to, oldKey)).toBe(401);
      expect(await withKey(from, to, mine)).toBe(200);
    }
    for (const { node } of [here, there])
      expect(
        JSON.stringify([
          await node.ctx.db.connection.findMany(),
          await node.ctx.db.auditEntry.findMany({ select: { data: true } }),
          node.log,
        ]),
      ).not.toMatch(new RegExp(`${oldKey}|${mine}`));
  });

  it('is carried to its end when the answer to either question is lost, and nothing is refused meanwhile', async () => {
    for (const faults of [['lose'], ['pass', 'lose'], ['drop'], ['pass', 'drop']] as const) {
      const { here, there, keys, oldKey } = await ends();
      b.faults.push(...faults);
      expect(await rotate(here)).toEqual({ done: false });
      expect(await shown(here)).toMatchObject({ underWay: 'here' });
      expect([await heard(here), await heard(there)]).toEqual([true, true]);
      for (const [from, to] of [
        [here, there],
        [there, here],
      ] as const)
        expect(await withKey(from, to, oldKey)).toBe(200);
      // Whatever process goes on: all that it needs is in the database.
      expect(await resumeKeyRotations(a.ctx)).toBe(1);
      const [mine, theirs] = await keys();
      expect(mine).toBe(theirs);
      expect(mine).not.toBe(oldKey);
      expect([await heard(here), await heard(there)]).toEqual([true, true]);
      expect(await resumeKeyRotations(a.ctx)).toBe(0);
      laterBy(10 * 60_000 + 1);
      expect([await heard(here), await heard(there)]).toEqual([true, true]);
    }
  });

  it('keeps the old key for as long as the partner has not used the new one', async () => {
    const { here, there, oldKey } = await ends();
    b.faults.push('pass', 'drop');
    await rotate(here);
    expect(await keyOf(here)).not.toBe(oldKey);
    expect(await keyOf(there)).toBe(oldKey);
    laterBy(30 * 24 * 3600_000);
    expect([await heard(here), await heard(there)]).toEqual([true, true]);
    await resumeKeyRotations(a.ctx);
    expect(await keyOf(there)).toBe(await keyOf(here));
  });

  it('makes one key of several clicks, at once and after each other', async () => {
    const { here, there, keys } = await ends();
    const results = await Promise.allSettled(Array.from({ length: 5 }, () => rotate(here)));
    expect(results.filter(({ status }) => status === 'fulfilled').length).toBeGreaterThan(0);
    for (const result of results)
      if (result.status === 'rejected')
        expect(result.reason).toMatchObject({ summary: expect.stringContaining('a moment ago') });
    const [mine, theirs] = await keys();
    expect(mine).toBe(theirs);
    await expect(rotate(here)).rejects.toMatchObject({
      code: 'conflict',
      summary: expect.stringContaining('a moment ago'),
    });
    expect(await keys()).toEqual([mine, mine]);
    expect(await a.ctx.db.auditEntry.count({ where: { verb: 'connection.rotate_key', target: here.id } })).toBe(1);
    expect(await b.ctx.db.auditEntry.count({ where: { verb: 'connection.key_rotated', target: there.id } })).toBe(1);
  });

  it('ends with one key on both sides when both begin at the same moment', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { here, there, keys, oldKey } = await ends();
      await Promise.allSettled([rotate(here), rotate(there)]);
      for (let turn = 0; turn < 5; turn += 1) {
        await resumeKeyRotations(a.ctx);
        await resumeKeyRotations(b.ctx);
      }
      const [mine, theirs] = await keys();
      expect(mine).toBe(theirs);
      expect(mine).not.toBe(oldKey);
      expect([await heard(here), await heard(there)]).toEqual([true, true]);
      for (const end of [here, there]) expect(await shown(end)).toMatchObject({ underWay: null });
      laterBy(10 * 60_000 + 1);
    }
  });

  it('can be done again and again, from either side', async () => {
    const { here, there, keys } = await ends();
    const seen = new Set<string>([await keyOf(here)]);
    for (const end of [here, there, there, here]) {
      laterBy(10 * 60_000 + 1);
      expect(await rotate(end)).toEqual({ done: true });
      const [mine, theirs] = await keys();
      expect(mine).toBe(theirs);
      seen.add(mine);
    }
    expect(seen.size).toBe(5);
  });

  it('is refused by an end that cannot check the proof, and by one that has no partner', async () => {
    const { here, there, keys, oldKey } = await ends();
    const forged = { kind: 'rekey', key: 'A'.repeat(43), atMs: START, proof: 'B'.repeat(43) };
    const target = channelTarget(a.ctx, await row(here));
    await expect(a.ctx.peer.ask(target, forged)).rejects.toMatchObject({ code: 'busy' });
    await expect(
      a.ctx.peer.ask(target, { kind: 'rekey_use', key: 'A'.repeat(43), confirm: 'B'.repeat(43) }),
    ).rejects.toMatchObject({ code: 'busy' });
    expect(await keys()).toEqual([oldKey, oldKey]);
    expect(await shown(there)).toMatchObject({ underWay: null });
    await expect(rotateChannelKey(a.ctx, { id: here.id })).rejects.toMatchObject({ code: 'forbidden' });
    await a.ctx.db.connection.update({ where: { id: here.id }, data: { hold: 'moved' } });
    await expect(rotate(here)).rejects.toMatchObject({ code: 'conflict' });
  });
});
