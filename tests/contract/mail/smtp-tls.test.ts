import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createSmtpMailer } from '#/mail/smtp-mailer.ts';
import { hasOpenssl, makeCertificate } from '../../support/certificates.ts';
import type { Certificate } from '../../support/certificates.ts';
import { startSmtpServer } from '../../support/smtp-server.ts';
import type { SmtpServer, SmtpTls } from '../../support/smtp-server.ts';

const folder = mkdtempSync(join(tmpdir(), 'smtp-tls-'));
const mail = {
  id: 'one@company.example',
  from: 'exalate@company.example',
  to: ['ops@company.example'],
  subject: 'An error',
  text: 'What to do.',
  sentAt: new Date('2026-03-01T10:00:00Z'),
};
let server: SmtpServer | null = null;

afterEach(() => server?.stop());
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.skipIf(!hasOpenssl)('a mail server with TLS', () => {
  let certificate: Certificate;
  beforeAll(() => {
    certificate = makeCertificate(folder);
  });

  async function start(way: SmtpTls['way']): Promise<SmtpServer> {
    server = await startSmtpServer(0, { certificate, way });
    server.credentials = { user: 'exalate', password: 'secret' };
    return server;
  }
  const mailer = (scheme: string, port: number, caPem?: string) =>
    createSmtpMailer({ url: `${scheme}://exalate:secret@localhost:${port}`, ownHost: 'node.example', caPem });

  it.each([
    ['smtps', 'implicit'],
    ['smtp', 'offered'],
  ] as const)('is reached by %s:// when its authority is known (TLS %s)', async (scheme, way) => {
    const { port, mails } = await start(way);
    await mailer(scheme, port, certificate.certPem).send(mail, () => Promise.resolve());
    expect(mails).toMatchObject([{ from: mail.from, to: mail.to, user: 'exalate', encrypted: true }]);
  });

  it.each([
    ['smtps', 'implicit'],
    ['smtp', 'offered'],
  ] as const)('gets neither password nor text by %s:// while its authority is not known', async (scheme, way) => {
    const { port, mails, reached } = await start(way);
    const sending = mailer(scheme, port).send(mail, () => Promise.resolve());
    await expect(sending).rejects.toMatchObject({ code: 'insecure' });
    expect([mails, reached.filter((step) => step === 'AUTH' || step === 'DATA')]).toEqual([[], []]);
  });
});
