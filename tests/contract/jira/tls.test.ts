import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJira } from '#/jira/index.ts';
import type { JiraOptions } from '#/jira/index.ts';
import { type Certificate, hasOpenssl, makeCertificate } from '../../support/certificates.ts';
import { myself } from './stub-server.ts';

describe.skipIf(!hasOpenssl)('a Jira whose certificate only its own authority vouches for', () => {
  let folder: string;
  let certificate: Certificate;
  let server: ReturnType<typeof createServer>;
  let baseUrl: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'jira-tls-'));
    certificate = makeCertificate(folder);
    const { keyPem, certPem } = certificate;
    server = createServer({ key: keyPem, cert: certPem }, (_request, response) => myself(response));
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
    await expect(ask({ caPem: certificate.certPem })).resolves.toMatchObject({
      name: 'ada',
    });
  });

  it('is asked at the address that the given look-up names, or not at all', async () => {
    await expect(
      ask({
        caPem: certificate.certPem,
        connectLookup: (_host, _options, done) => done(Object.assign(new Error('private'), { code: 'ENOTFOUND' }), ''),
      }),
    ).rejects.toMatchObject({ code: 'unreachable', outcome: 'not_performed' });
  });
});
