import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lookUpDestination } from '#/services/connection/look-up-destination.ts';
import { startTestNode, type TestNode } from '../connection/support/test-node.ts';

let strict: TestNode;
let lax: TestNode;
/** Something inside the network that must not be asked. */
let inside: Server;
let insidePort: number;
const asked: string[] = [];

beforeAll(async () => {
  inside = createServer((request, response) => {
    asked.push(request.url ?? '');
    response.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data/' }).end();
  });
  await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', resolve));
  insidePort = (inside.address() as AddressInfo).port;
  [strict, lax] = await Promise.all([
    startTestNode('Strict', { allowedHosts: [] }),
    startTestNode('Lax', { allowedHosts: ['127.0.0.1', '169.254.0.0/16', '::/0', '0.0.0.0/0'] }),
  ]);
});
afterAll(async () => {
  await Promise.all([strict, lax].map((node) => node.stop()));
  await new Promise((resolve) => inside.close(resolve));
});

const refusal = { code: 'partner_refused', summary: 'This address may not be contacted.', field: 'destinationUrl' };

/** The same addresses, as somebody would write them who wants to get past a list of names. */
const never = [
  'http://169.254.169.254/latest/meta-data/',
  'http://2852039166/',
  'http://0xa9fea9fe/',
  'http://0251.0376.0251.0376/',
  'http://[::ffff:169.254.169.254]/',
  'http://[::ffff:a9fe:a9fe]/',
  'http://[fe80::1]/',
  'https://169.254.170.2/',
];
const inner = (port: number): string[] => [
  `http://127.0.0.1:${port}/`,
  `http://127.1:${port}/`,
  `http://2130706433:${port}/`,
  `http://0x7f.0.0.1:${port}/`,
  `http://0177.0.0.1:${port}/`,
  `http://[::1]:${port}/`,
  `http://[::ffff:127.0.0.1]:${port}/`,
  `http://0.0.0.0:${port}/`,
  `http://localhost:${port}/`,
  'http://10.0.0.1/',
  'http://172.16.0.1/',
  'http://192.168.0.1/',
  'http://100.64.0.1/',
  'http://[fd00::1]/',
];

describe('an address that an administrator types', () => {
  it('is not contacted when it is link-local or metadata, even where every network is allowed', async () => {
    for (const node of [strict, lax])
      for (const url of never) await expect(lookUpDestination(node.admin, { url }), url).rejects.toMatchObject(refusal);
  });

  it('is not contacted when it is not public and not in ALLOWED_HOSTS, in whatever notation', async () => {
    asked.length = 0;
    for (const url of inner(insidePort))
      await expect(lookUpDestination(strict.admin, { url }), url).rejects.toMatchObject(refusal);
    expect(asked).toEqual([]);
  });

  it('does not lead elsewhere by a redirect, and its answer is not repeated to the administrator', async () => {
    asked.length = 0;
    const error: unknown = await lookUpDestination(lax.admin, { url: `http://127.0.0.1:${insidePort}/` }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ field: 'destinationUrl' });
    expect(asked.length).toBeGreaterThan(0);
    expect(JSON.stringify(error)).not.toContain('meta-data');
  });
});
