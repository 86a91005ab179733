import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createDb } from '#/db/client.ts';

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

/** A server that dies as it accepts a session: its last two words arrive together. */
const welcome = message('R', Buffer.alloc(4));
const ready = message('Z', Buffer.from('I'));
const dying = message(
  'E',
  Buffer.from('SFATAL\0C57P01\0Mterminating connection due to unexpected postmaster exit\0\0'),
);
let server: Server;
let url = '';

beforeAll(async () => {
  server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(Buffer.concat([welcome, ready, dying])));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `postgresql://nobody:nothing@127.0.0.1:${(server.address() as AddressInfo).port}/none`;
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

it('a database that dies in the moment of the first answer fails the work, and does not end the process', async () => {
  const losses: Error[] = [];
  const db = createDb(url, { onConnectionLost: (error) => losses.push(error) });
  await expect(db.$transaction((tx) => tx.$executeRaw`SELECT 1`)).rejects.toThrow();
  expect(losses.length).toBeGreaterThan(0);
  await db.$disconnect();
});
