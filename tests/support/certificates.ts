/** Certificates that nobody vouches for but themselves, and https servers that show them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export interface Certificate {
  keyPem: string;
  certPem: string;
  /** The certificate, for NODE_EXTRA_CA_CERTS and JIRA_CA_FILE. */
  certFile: string;
}

export const hasOpenssl = spawnSync('openssl', ['version']).status === 0;
if (!hasOpenssl) console.warn('skipped: no openssl to make a certificate with');

/** `host`: for whom it is issued. `days`: how long it is good; below 0 it has expired. */
export function makeCertificate(
  folder: string,
  { host = 'localhost', days = 2 }: { host?: string; days?: number } = {},
): Certificate {
  const file = join(folder, `${host}-${days}`);
  const openssl = (...args: readonly string[]): Buffer => execFileSync('openssl', args, { stdio: 'ignore' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', `${file}.key`];
  openssl('req', '-new', ...newKey, '-subj', `/CN=${host}`, '-out', `${file}.csr`);
  writeFileSync(`${file}.ext`, `subjectAltName=DNS:${host}`);
  const made = ['-in', `${file}.csr`, '-signkey', `${file}.key`, '-extfile', `${file}.ext`, '-out', `${file}.pem`];
  openssl('x509', '-req', '-days', String(days), ...made);
  return {
    keyPem: readFileSync(`${file}.key`, 'utf8'),
    certPem: readFileSync(`${file}.pem`, 'utf8'),
    certFile: `${file}.pem`,
  };
}

export async function withHttps<T>(
  certificate: Certificate,
  handle: RequestListener,
  work: (url: string) => Promise<T>,
): Promise<T> {
  const server = createServer({ key: certificate.keyPem, cert: certificate.certPem }, handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await work(`https://localhost:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
