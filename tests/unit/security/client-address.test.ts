import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { clientAddress, peerHeader } from '#/server/client-address.ts';
import { notePeerAddresses } from '#/server/peer-address.ts';

const address = (exalateUrl: string, headers: Record<string, string>): string =>
  clientAddress(new Headers(headers), exalateUrl);

describe('the address that limits count by', () => {
  it.each([
    ['a stranger who makes one up', 'http://console.local:3000', '198.51.100.7', '10.9.9.9', '198.51.100.7'],
    ['a colleague who makes one up', 'http://console.local:3000', '10.1.2.3', '10.9.9.9', '10.1.2.3'],
    ['somebody who makes one up before a proxy', 'https://console.example', '10.0.0.2', '9.9.9.9, 8.8.4.4', '8.8.4.4'],
    ['a proxy on this machine', 'http://console.local:3000', '::1', '198.51.100.7', '198.51.100.7'],
    [
      'a proxy on this machine by IPv4',
      'http://console.local:3000',
      '::ffff:127.0.0.1',
      '198.51.100.7',
      '198.51.100.7',
    ],
    ['a browser on this machine', 'http://localhost:3000', '::ffff:127.0.0.1', null, '127.0.0.1'],
    ['a proxy that adds nothing', 'https://console.example', '10.0.0.2', null, '10.0.0.2'],
  ])('of %s', (_who, exalateUrl, peer, forwarded, expected) =>
    expect(
      address(exalateUrl, { [peerHeader]: peer, ...(forwarded === null ? {} : { 'x-forwarded-for': forwarded }) }),
    ).toBe(expected),
  );

  it('is never longer than a column', () =>
    expect(address('https://c.example', { 'x-forwarded-for': 'x'.repeat(1000) })).toHaveLength(64));

  it('comes from the connection, whatever a client puts into the header', async () => {
    notePeerAddresses();
    const server = createServer((request, response) => response.end(JSON.stringify(request.headers)));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const answer = await new Promise<IncomingMessage>((resolve, reject) => {
        get({ port, host: '127.0.0.1', headers: { [peerHeader]: '203.0.113.1' } }, resolve).on('error', reject);
      });
      expect(await json(answer)).toMatchObject({ [peerHeader]: '127.0.0.1' });
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });
});
