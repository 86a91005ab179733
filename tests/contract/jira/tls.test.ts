import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJira } from '#/jira/index.ts';
import type { JiraOptions } from '#/jira/index.ts';
import { myself } from './stub-server.ts';

const openssl = spawnSync('openssl', ['version']).status === 0;
if (!openssl) console.warn('skipped: no openssl to make a certificate with');

describe.skipIf(!openssl)('a Jira whose certificate only its own authority vouches for', () => {
  let folder: string;
  let server: ReturnType<typeof createServer>;
  let baseUrl: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'jira-tls-'));
    const key = join(folder, 'key.pem');
    const cert = join(folder, 'cert.pem');
    const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
    const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    execFileSync('openssl', [...request, ...names, '-keyout', key, '-out', cert], { stdio: 'ignore' });
    server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_request, response) =>
      myself(response),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    baseUrl = `https://localhost:${(server.address() as AddressInfo).port}`;
  });

  afterAll(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });

  async function ask(more: Partial<JiraOptions>) {
    const credentials = { kind: 'token', token: 't' } as const;
    const jira = createJira({ baseUrl, credentials, concurrency: 1, delay: async () => {}, ...more });
    return jira.myself().finally(() => jira.close());
  }

  it('is refused without that authority, before anything is sent', async () => {
    await expect(ask({})).rejects.toMatchObject({
      code: 'unreachable',
      outcome: 'not_performed',
      message: expect.stringContaining('self-signed'),
    });
  });

  it('is trusted with its file', async () => {
    await expect(ask({ caPem: readFileSync(join(folder, 'cert.pem'), 'utf8') })).resolves.toMatchObject({
      name: 'ada',
    });
  });

  it('is asked at the address that the given look-up names, or not at all', async () => {
    await expect(
      ask({
        caPem: readFileSync(join(folder, 'cert.pem'), 'utf8'),
        connectLookup: (_host, _options, done) => done(Object.assign(new Error('private'), { code: 'ENOTFOUND' }), ''),
      }),
    ).rejects.toMatchObject({ code: 'unreachable', outcome: 'not_performed' });
  });
});
