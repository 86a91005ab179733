/** What an admin reads when the certificate of a partner or of the own Jira is not accepted: the cause, and what to do. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { trackerFault } from '#/engine/fault/tracker-fault.ts';
import { faultText } from '#/engine/fault/faults.ts';
import { TrackerError } from '#/engine/ports.ts';
import { createJira } from '#/jira/index.ts';
import { systemClock } from '#/kernel/clock.ts';
import { randomIds } from '#/kernel/ids.ts';
import { createLogger } from '#/observability/logger.ts';
import { createPeerChannel } from '#/peer/peer-channel.ts';
import { knownProblem } from '#/server/problem.ts';
import { partnerError } from '#/services/connection/partner-error.ts';
import { PeerError } from '#/services/peer-channel.ts';
import { checkJira } from '#/services/setup/check-jira.ts';
import { peerFault } from '#/services/sync/peer-fault.ts';
import { type Certificate, hasOpenssl, makeCertificate, withHttps } from '../../support/certificates.ts';

const run = promisify(execFile);

const nodeInfo = {
  name: 'Node with a certificate of its own',
  callbackUrl: 'https://localhost',
  issueTrackerUrl: null,
  nodeType: 'jiraserver',
  issueTrackerVersion: null,
  nodeVersion: '0.1.0',
  protocol: { min: 1, max: 1 },
  modes: ['BASIC'],
  instanceUid: '0b7a4a5e-8a0f-4b0a-9d7e-3a1f0a3c9b01',
  pollOnly: false,
};
const answer: RequestListener = (_request, response) =>
  void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(nodeInfo));

describe.skipIf(!hasOpenssl)('a certificate that is not accepted', () => {
  let folder: string;
  let selfSigned: Certificate;
  let expired: Certificate;
  let otherHost: Certificate;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'certificates-'));
    selfSigned = makeCertificate(folder);
    expired = makeCertificate(folder, { days: -1 });
    otherHost = makeCertificate(folder, { host: 'jira.company.example' });
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const logger = createLogger({ level: 'fatal', process: 'test' });

  async function askNode(url: string, caPem?: string): Promise<unknown> {
    const peer = createPeerChannel({ clock: systemClock, ids: randomIds, logger, caPem });
    return peer
      .info(url)
      .catch((error: unknown) => error)
      .finally(() => peer.close());
  }
  function jiraAt(url: string, caPem?: string) {
    return createJira({
      baseUrl: url,
      credentials: { kind: 'token', token: 't' },
      concurrency: 1,
      delay: async () => {},
      ...(caPem === undefined ? {} : { caPem }),
    });
  }

  it.each([
    ['self-signed', () => [selfSigned, undefined] as const, 'is self-signed', 'JIRA_CA_FILE or NODE_EXTRA_CA_CERTS'],
    ['expired', () => [expired, expired.certPem] as const, 'has expired', 'renewed'],
    ['for another host', () => [otherHost, otherHost.certPem] as const, 'for another host name', 'host name'],
  ])('says of a partner’s that is %s what is wrong and what to do', async (_name, which, cause, remedy) => {
    const [certificate, caPem] = which();
    const error = await withHttps(certificate, answer, (url) => askNode(url, caPem));
    if (!(error instanceof PeerError)) throw new Error(`It was accepted: ${JSON.stringify(error)}`);
    const shown = partnerError(error, 'destinationUrl');
    expect(shown.summary).toBe('The certificate at this address is not accepted.');
    expect(shown.why).toContain(cause);
    expect(shown.remedy).toContain(remedy);
    expect(shown.field).toBe('destinationUrl');
    const fault = peerFault(error);
    expect(fault.code).toBe('partner_certificate');
    expect(fault.detail).toContain(cause);
    expect(faultText(fault.code).remedy).toContain('NODE_EXTRA_CA_CERTS');
  });

  it.each([
    ['self-signed', () => [selfSigned, undefined] as const, 'is self-signed', 'JIRA_CA_FILE or NODE_EXTRA_CA_CERTS'],
    ['expired', () => [expired, expired.certPem] as const, 'has expired', 'renewed'],
    ['for another host', () => [otherHost, otherHost.certPem] as const, 'for another host name', 'host name'],
  ])('says of the own Jira’s that is %s what is wrong and what to do', async (_name, which, cause, remedy) => {
    const [certificate, caPem] = which();
    await withHttps(certificate, answer, async (url) => {
      const jira = jiraAt(url, caPem);
      const error = await jira.myself().catch((thrown: unknown) => thrown);
      if (!(error instanceof TrackerError)) throw new Error('It was accepted.');
      expect(error.outcome).toBe('not_performed');
      const fault = trackerFault(error, 'looking for changes');
      expect(fault.code).toBe('jira_certificate');
      expect(fault.detail).toContain(cause);
      expect(faultText(fault.code).remedy).toContain('NODE_EXTRA_CA_CERTS');
      expect(knownProblem(error)?.why).toContain(cause);
      expect(knownProblem(error)?.remedy).toContain(remedy);

      const { lines, complete } = await checkJira(jira).finally(() => jira.close());
      expect(complete).toBe(false);
      expect(lines.find(({ name }) => name === 'Jira answers')).toMatchObject({
        ok: false,
        text: expect.stringContaining(cause),
        remedy: expect.stringContaining(remedy),
      });
    });
  });

  it('is accepted after the remedy: by JIRA_CA_FILE, by NODE_EXTRA_CA_CERTS, and by both at once', async () => {
    await withHttps(selfSigned, answer, async (url) => {
      expect(await askNode(url, selfSigned.certPem)).toMatchObject({ name: nodeInfo.name });
      const source = (file: string): string => JSON.stringify(pathToFileURL(join(import.meta.dirname, file)).href);
      for (const caPem of [undefined, otherHost.certPem]) {
        const program = `
          const { createPeerChannel } = await import(${source('../../../src/peer/peer-channel.ts')});
          const ids = { uuid: () => crypto.randomUUID() };
          const peer = createPeerChannel({ clock: { now: Date.now }, ids, logger: console, caPem: ${JSON.stringify(caPem)} });
          console.log((await peer.info(${JSON.stringify(url)})).name);
          await peer.close();`;
        const env = { ...process.env, NODE_EXTRA_CA_CERTS: selfSigned.certFile };
        const { stdout } = await run(process.execPath, ['--input-type=module', '-e', program], { env });
        expect(stdout.trim()).toBe(nodeInfo.name);
      }
    });
  }, 30_000);
});
