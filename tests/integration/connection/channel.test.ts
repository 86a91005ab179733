import { createHash, randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Message } from '#/engine/protocol/messages.ts';
import { signToken } from '#/engine/protocol/token.ts';
import { forgetReplayedTokens } from '#/services/connection/authenticate-partner.ts';
import { channelTarget } from '#/services/connection/channel-target.ts';
import { deleteConnection } from '#/services/connection/delete-connection.ts';
import { setConnectionActive } from '#/services/connection/set-connection-active.ts';
import type { ChannelTarget } from '#/services/peer-channel.ts';
import { connect } from './support/connect.ts';
import { START, startTestNode, type TestNode } from './support/test-node.ts';

let a: TestNode;
let b: TestNode;
let ends: { initiator: string; acceptor: string };
let target: ChannelTarget;
beforeAll(async () => {
  [a, b] = await Promise.all([startTestNode('Alpha'), startTestNode('Beta')]);
  ends = await connect(a, b);
  target = channelTarget(a.ctx, await a.ctx.db.connection.findUniqueOrThrow({ where: { id: ends.initiator } }));
});
afterAll(async () => {
  await Promise.all([a, b].map((node) => node.stop()));
});

const PATH = '/api/node/v1/messages';

function message(changes: Partial<Message> = {}): Message {
  return {
    id: randomUUID(),
    twin: randomUUID(),
    number: 1,
    kind: 'exalate',
    content: true,
    issue: { id: '10001', key: 'ONE-1', projectKey: 'ONE', parentTwin: null, subtask: false },
    delta: {
      fields: { summary: { value: 'Printer on fire', stamp: { time: START, side: 'initiator' } } },
      comments: [],
      attachments: [],
    },
    progress: { applied: 0, comments: { done: 0, total: 0 }, attachments: { done: 0, total: 0 }, error: null },
    ended: null,
    ...changes,
  };
}

const stored = (id: string) => b.ctx.db.syncRequest.count({ where: { id } });
const tokenFor = (body: string, at = START, channel = target) =>
  signToken(
    {
      connectionUid: channel.connectionUid,
      senderUid: channel.selfUid,
      receiverUid: channel.partnerUid,
      key: channel.key,
    },
    { method: 'POST', target: PATH, body: Buffer.from(body) },
    { nowMs: at, jti: randomUUID() },
  );
async function post(body: string, token: string | null, path = PATH) {
  const answer = await fetch(b.ctx.node.exalateUrl + path, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
  });
  const said = (await answer.json()) as { error?: { code: string; summary: string } };
  return { status: answer.status, code: said.error?.code ?? null };
}

describe('signed channel', () => {
  it('delivers messages, and delivering one again changes nothing', async () => {
    const one = message();
    const results = await a.ctx.peer.send(target, [one]);
    expect(results).toEqual([{ id: one.id, result: 'stored', reason: null }]);
    expect(await a.ctx.peer.send(target, [one])).toEqual(results);
    expect(await stored(one.id)).toBe(1);
  });

  it('refuses a message that cannot be read without holding back the others', async () => {
    const good = message();
    const bad = { ...message(), kind: 'explode' } as unknown as Message;
    const results = await a.ctx.peer.send(target, [bad, good]);
    expect(results.find(({ id }) => id === bad.id)).toMatchObject({ result: 'refused' });
    expect(results.find(({ id }) => id === good.id)).toMatchObject({ result: 'stored' });
  });

  it('takes a request once: the same bytes a second time are a replay', async () => {
    const body = JSON.stringify({ messages: [message()] });
    const token = await tokenFor(body);
    expect((await post(body, token)).status).toBe(200);
    expect(await post(body, token)).toEqual({ status: 401, code: 'token_replayed' });
    const many = JSON.stringify({ messages: [message()] });
    const shared = await tokenFor(many);
    const results = await Promise.all(Array.from({ length: 8 }, () => post(many, shared)));
    expect(results.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('refuses what was altered, misdirected, signed by somebody else or too old, and stores nothing of it', async () => {
    const one = message();
    const body = JSON.stringify({ messages: [one] });
    const other = { ...target, key: Buffer.alloc(32, 9).toString('base64url') };
    expect(await post(body.replace('fire', 'hold'), await tokenFor(body))).toEqual({ status: 401, code: 'token_body' });
    expect(await post(body, null)).toEqual({ status: 401, code: 'token_missing' });
    expect(await post(body, 'no-token')).toEqual({ status: 401, code: 'token_malformed' });
    expect(await post(body, await tokenFor(body), '/api/node/v1/connection')).toEqual({
      status: 401,
      code: 'token_target',
    });
    expect(await post(body, await tokenFor(body, START, other))).toEqual({ status: 401, code: 'token_signature' });
    expect(await post(body, await tokenFor(body, START, { ...target, partnerUid: randomUUID() }))).toEqual({
      status: 401,
      code: 'token_audience',
    });
    expect(await post(body, await tokenFor(body, START, { ...target, selfUid: randomUUID() }))).toEqual({
      status: 401,
      code: 'token_issuer',
    });
    expect(await post(body, await tokenFor(body, START - 181_000))).toEqual({ status: 401, code: 'token_expired' });
    expect(await post(body, await tokenFor(body, START + 121_000))).toEqual({
      status: 401,
      code: 'token_not_yet_valid',
    });
    expect(await post(body, await tokenFor(body, START, { ...target, connectionUid: randomUUID() }))).toEqual({
      status: 404,
      code: 'connection_gone',
    });
    expect(await stored(one.id)).toBe(0);
  });

  it('writes refusals to the log without the token or the key', async () => {
    const body = JSON.stringify({ messages: [message()] });
    const token = await tokenFor(body);
    await post(body, token);
    await post(body, token);
    const log = b.log.join('');
    expect(log).toContain('token_replayed');
    for (const part of [...token.split('.'), target.key]) expect(log).not.toContain(part);
  });

  it('keeps token ids only for as long as their time would let them in', async () => {
    await forgetReplayedTokens(b.ctx);
    expect(await b.ctx.db.replayedToken.count()).toBeGreaterThan(0);
    b.clock.set(START + 182_000);
    await forgetReplayedTokens(b.ctx);
    expect(await b.ctx.db.replayedToken.count()).toBe(0);
    b.clock.set(START);
  });

  it('refuses bodies over its limit, and bodies of strangers without reading them', async () => {
    const large = JSON.stringify({ secret: 'x'.repeat(70_000) });
    expect(await post(large, null, '/api/node/v1/invitations/peek')).toEqual({ status: 413, code: 'too_large' });
    expect(await post('nonsense', null, '/api/node/v1/invitations/peek')).toEqual({
      status: 400,
      code: 'invalid_request',
    });
    expect(await post('{}', null, '/api/node/v1/invitations/accept')).toEqual({ status: 400, code: 'invalid_request' });
    const huge = JSON.stringify({ messages: ['x'.repeat(17 * 1024 * 1024)] });
    await expect(post(huge, await tokenFor(huge)).catch(() => ({ status: 413, code: 'too_large' }))).resolves.toEqual({
      status: 413,
      code: 'too_large',
    });
  });
});

describe('attachments', () => {
  async function attach(bytes: number, changes: { sizeBytes?: bigint } = {}) {
    const issue = await b.jira.control.createIssue({ project: 'ONE', issue: { type: 'Task', summary: 'With file' } });
    const { id } = await b.jira.control.createAttachment({ key: issue.key, filename: 'ü.bin', bytes });
    const read = (await b.ctx.jira().readIssue(issue.key)).attachments?.find((attachment) => attachment.id === id);
    const twin = { id: randomUUID(), uid: randomUUID() };
    const uid = `acceptor:${id}`;
    await b.ctx.db.twin.create({
      data: {
        ...twin,
        connectionId: ends.acceptor,
        exalatedBy: 'test',
        localIssueId: issue.id,
        attachments: {
          create: {
            id: randomUUID(),
            uid,
            localId: id,
            filename: 'ü.bin',
            mimeType: 'application/octet-stream',
            sizeBytes: BigInt(bytes),
            authorName: 'Admin',
            createdMs: BigInt(START),
            contentUrl: read?.contentUrl ?? null,
            ...changes,
          },
        },
      },
    });
    return { twinUid: twin.uid, traceUid: uid, contentUrl: read?.contentUrl ?? '' };
  }

  it('arrive with exactly the bytes that the Jira over there holds', async () => {
    for (const size of [0, 1, 3_000_000]) {
      const { twinUid, traceUid, contentUrl } = await attach(size);
      const { body, sizeBytes } = await a.ctx.peer.attachment(target, twinUid, traceUid);
      expect(sizeBytes).toBe(size);
      const direct = await fetch(contentUrl, { headers: { authorization: `Basic ${btoa('admin:admin')}` } });
      const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
      expect(sha256(await buffer(body))).toBe(sha256(await direct.bytes()));
    }
  });

  it('fail instead of ending early when the file is shorter or longer than announced', async () => {
    for (const sizeBytes of [999n, 1001n]) {
      const { twinUid, traceUid } = await attach(1000, { sizeBytes });
      await expect(
        a.ctx.peer.attachment(target, twinUid, traceUid).then(({ body }) => buffer(body)),
      ).rejects.toBeDefined();
    }
  });

  it('cross with flat memory, and giving up closes the transfer', async () => {
    const size = 300 * 1024 * 1024;
    const { twinUid, traceUid } = await attach(size);
    const before = process.memoryUsage().rss;
    let peak = before;
    let seen = 0;
    const { body } = await a.ctx.peer.attachment(target, twinUid, traceUid);
    for await (const chunk of body as AsyncIterable<Buffer>) {
      if (seen >> 24 !== (seen + chunk.length) >> 24) peak = Math.max(peak, process.memoryUsage().rss);
      seen += chunk.length;
    }
    expect(seen).toBe(size);
    // Sender, receiver and both Jiras are this one process; holding the file would be 300 MB.
    expect((peak - before) / 1024 / 1024).toBeLessThan(150);

    const controller = new AbortController();
    const again = await a.ctx.peer.attachment(target, twinUid, traceUid, controller.signal);
    again.body.once('data', () => controller.abort());
    await expect(buffer(again.body)).rejects.toBeDefined();
  });

  it('are only given to the partner of their connection, and only while they are there', async () => {
    const { twinUid } = await attach(10);
    await expect(a.ctx.peer.attachment(target, twinUid, 'acceptor:999')).rejects.toMatchObject({
      code: 'refused',
      reason: 'not_found',
    });
    const other = await connect(a, b);
    const stranger = channelTarget(
      a.ctx,
      await a.ctx.db.connection.findUniqueOrThrow({ where: { id: other.initiator } }),
    );
    const { twinUid: theirs, traceUid } = await attach(10);
    await expect(a.ctx.peer.attachment(stranger, theirs, traceUid)).rejects.toMatchObject({ code: 'refused' });
  });
});

describe('state of the other end', () => {
  it('is told at once: deactivated ends take nothing, activation makes every lane due', async () => {
    const pair = await connect(a, b);
    const own = channelTarget(a.ctx, await a.ctx.db.connection.findUniqueOrThrow({ where: { id: pair.initiator } }));
    const one = message();
    await a.ctx.peer.send(own, [one]);
    expect(await setConnectionActive(b.admin, { id: pair.acceptor, active: false })).toEqual({ partnerTold: true });
    const told = await a.ctx.db.connection.findUniqueOrThrow({ where: { id: pair.initiator } });
    expect(told).toMatchObject({ status: 'active', partnerDeactivated: true });
    const late = message();
    await expect(a.ctx.peer.send(own, [late])).rejects.toMatchObject({ code: 'deactivated' });
    expect(await stored(late.id)).toBe(0);

    await b.ctx.db.twin.updateMany({ where: { connectionId: pair.acceptor }, data: { wakeAt: null } });
    b.told.twins.length = 0;
    await setConnectionActive(b.admin, { id: pair.acceptor, active: true });
    expect(b.told.twins).toHaveLength(1);
    expect(await b.ctx.db.twin.findFirst({ where: { connectionId: pair.acceptor } })).toMatchObject({
      wakeAt: new Date(START),
    });
    expect((await a.ctx.db.connection.findUniqueOrThrow({ where: { id: pair.initiator } })).partnerDeactivated).toBe(
      false,
    );
    await expect(a.ctx.peer.send(own, [late])).resolves.toMatchObject([{ result: 'stored' }]);
  });

  it('is learned from a deletion notice, and from the next message when that was lost', async () => {
    const first = await connect(a, b);
    await deleteConnection(b.admin, { id: first.acceptor });
    expect(await a.ctx.db.connection.findUniqueOrThrow({ where: { id: first.initiator } })).toMatchObject({
      status: 'error',
      statusCode: 'partner_connection_gone',
    });
    const second = await connect(a, b);
    const own = channelTarget(a.ctx, await a.ctx.db.connection.findUniqueOrThrow({ where: { id: second.initiator } }));
    await b.ctx.db.connection.delete({ where: { id: second.acceptor } });
    await expect(a.ctx.peer.send(own, [message()])).rejects.toMatchObject({ code: 'connection_gone' });
  });
});
