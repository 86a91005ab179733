import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import pino from 'pino';
import { afterAll, describe, expect, it } from 'vitest';
import { randomIds } from '#/kernel/ids.ts';
import { createAddressGuard } from '#/kernel/url-safety.ts';
import { createPeerChannel } from '#/peer/peer-channel.ts';

const base = { clock: { now: () => 1_795_000_000_000 }, ids: randomIds, logger: pino({ level: 'silent' }) };
const peer = createPeerChannel(base);
afterAll(() => peer.close());

const uid = '6f1b0c52-6d0c-4a2b-9f64-0d6a5f0d2c11';
const info = {
  name: 'B',
  callbackUrl: 'https://b.example/',
  issueTrackerUrl: null,
  nodeType: 'JIRA_SERVER',
  issueTrackerVersion: null,
  nodeVersion: '1',
  protocol: { min: 1, max: 9 },
  modes: ['BASIC', 'LATER'],
  instanceUid: uid,
  pollOnly: false,
  addedLater: true,
};

async function against<T>(listener: RequestListener, run: (url: string) => Promise<T>): Promise<T> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await run(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
const target = (url: string) => ({
  connectionUid: uid,
  selfUid: uid,
  partnerUid: uid,
  partnerUrl: url,
  key: 'A'.repeat(43),
});
const json = (response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}) =>
  void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
const refusing =
  (status: number, code: string, headers: Record<string, string> = {}): RequestListener =>
  (_request, response) =>
    json(response, status, { error: { code, summary: 'Because.' } }, headers);
const send = (listener: RequestListener) => against(listener, (url) => peer.notify(target(url), { kind: 'activated' }));

describe('what answers become', () => {
  it.each([
    [refusing(401, 'token_expired'), { code: 'unauthorised', reason: 'token_expired' }],
    [refusing(404, 'connection_gone'), { code: 'connection_gone' }],
    [refusing(409, 'connection_deactivated'), { code: 'deactivated' }],
    [refusing(410, 'invitation_used'), { code: 'refused', reason: 'invitation_used' }],
    [refusing(413, 'too_large'), { code: 'refused', reason: 'too_large' }],
    [refusing(503, 'not_ready', { 'retry-after': '30' }), { code: 'busy', retryAfterMs: 30_000 }],
    [refusing(429, 'too_many_requests', { 'retry-after': '999999' }), { code: 'busy', retryAfterMs: 3_600_000 }],
    [refusing(500, 'internal'), { code: 'unreachable' }],
  ])('case %#', async (listener, expected) => {
    await expect(send(listener)).rejects.toMatchObject({ name: 'PeerError', ...expected });
  });

  it('is "not a node" for everything that no node sends', async () => {
    const html =
      (status: number): RequestListener =>
      (_request, response) =>
        void response.writeHead(status, { 'content-type': 'text/html' }).end('<h1>Log in</h1>');
    for (const listener of [html(200), html(401), html(404), html(403)])
      await expect(send(listener)).rejects.toMatchObject({ code: 'not_a_node' });
    await expect(send((_request, response) => json(response, 200, { hello: 1 }))).rejects.toMatchObject({
      code: 'not_a_node',
    });
    await expect(send((_request, response) => json(response, 404, { message: 'no route' }))).rejects.toMatchObject({
      code: 'not_a_node',
    });
    const large = JSON.stringify({ ok: true, more: 'x'.repeat(2_000_000) });
    await expect(
      send((_request, response) => void response.writeHead(200, { 'content-type': 'application/json' }).end(large)),
    ).rejects.toMatchObject({ code: 'not_a_node' });
  });

  it('does not follow a redirect, and does not carry the token there', async () => {
    let reached = 0;
    await against(
      () => void reached++,
      async (elsewhere) => {
        const redirect: RequestListener = (_request, response) =>
          void response.writeHead(307, { location: `${elsewhere}/x` }).end();
        await expect(send(redirect)).rejects.toMatchObject({
          code: 'not_a_node',
          message: expect.stringContaining(elsewhere),
        });
      },
    );
    expect(reached).toBe(0);
  });

  it('is "unreachable", to be tried again, when no complete answer came', async () => {
    await expect(send((request) => void request.socket.destroy())).rejects.toMatchObject({
      code: 'unreachable',
      reason: 'cut',
    });
    await expect(
      send((request, response) => {
        response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' }).write('{"ok"');
        response.once('drain', () => undefined);
        setImmediate(() => request.socket.destroy());
      }),
    ).rejects.toMatchObject({ code: 'unreachable' });
    await expect(peer.info('http://127.0.0.1:1')).rejects.toMatchObject({
      code: 'unreachable',
      reason: 'connection_refused',
    });
    await expect(peer.info('https://nowhere.invalid')).rejects.toMatchObject({ code: 'unreachable', reason: 'dns' });
  });

  it('takes the presentation of a newer node and drops what it does not know', async () => {
    await against(
      (_request, response) => json(response, 200, info),
      async (url) => {
        const { addedLater: _later, ...known } = info;
        expect(await peer.info(`${url}/`)).toEqual({ ...known, callbackUrl: 'https://b.example' });
      },
    );
  });
});

describe('addresses', () => {
  it('that are not public are not contacted unless they are allowed, by number or by name', async () => {
    let reached = 0;
    const listener: RequestListener = (_request, response) => {
      reached++;
      json(response, 200, info);
    };
    await against(listener, async (url) => {
      const closed = createPeerChannel({ ...base, guard: createAddressGuard({ allowedHosts: [] }) });
      const open = createPeerChannel({
        ...base,
        guard: createAddressGuard({ allowedHosts: ['127.0.0.1', 'localhost'] }),
      });
      const byName = url.replace('127.0.0.1', 'localhost');
      for (const address of [url, byName])
        await expect(closed.info(address)).rejects.toMatchObject({ code: 'address_refused' });
      expect(reached).toBe(0);
      await open.info(url);
      expect(reached).toBe(1);
      await Promise.all([closed.close(), open.close()]);
    });
  });
});

describe('attachments', () => {
  const serving =
    (size: string | null, body: Buffer, cut = false): RequestListener =>
    (request, response) => {
      response.writeHead(200, size === null ? {} : { 'x-exalate-size': size });
      response.write(body);
      if (cut) setImmediate(() => request.socket.destroy());
      else response.end();
    };
  const fetchFile = (listener: RequestListener) =>
    against(listener, async (url) => buffer((await peer.attachment(target(url), uid, 'initiator:1')).body));

  it('without a size are not from a node', async () => {
    await expect(fetchFile(serving(null, Buffer.from('x')))).rejects.toMatchObject({ code: 'not_a_node' });
    await expect(fetchFile(serving('-1', Buffer.from('x')))).rejects.toMatchObject({ code: 'not_a_node' });
  });

  it('never end well when digest or length are wrong, or the connection was cut', async () => {
    await expect(fetchFile(serving('3', Buffer.concat([Buffer.from('abc'), Buffer.alloc(32)])))).rejects.toMatchObject({
      code: 'digest_differs',
    });
    await expect(fetchFile(serving('3', Buffer.from('abc')))).rejects.toMatchObject({ code: 'too_short' });
    await expect(fetchFile(serving('100', Buffer.from('abc'), true))).rejects.toBeDefined();
  });
});
