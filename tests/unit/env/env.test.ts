import { readFileSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadNodeSettings, loadSettings, settingNames, SettingsError } from '#/env.ts';

const encryptionKey = Buffer.alloc(32, 7).toString('base64');
const nextauthSecret = 'n'.repeat(32);
const database = {
  DATABASE_URL: 'postgresql://node:pw@db.example:5432/exalate',
  ENCRYPTION_KEY: encryptionKey,
  NEXTAUTH_SECRET: nextauthSecret,
};

function problemsOf(
  source: Record<string, string>,
  load: (source: Record<string, string>) => unknown = loadSettings,
): string[] {
  try {
    load(source);
  } catch (error) {
    if (error instanceof SettingsError) return error.problems.map(({ name }) => name);
    throw error;
  }
  return [];
}

describe('the settings', () => {
  it('have the documented defaults', () => {
    expect(loadSettings({})).toEqual({
      port: 3000,
      exalateUrl: 'http://localhost:3000',
      nodeName: null,
      jira: null,
      jiraCaPem: null,
      databaseUrl: null,
      dataDir: resolve('data'),
      encryptionKey: null,
      nextauthSecret: null,
      syncToken: null,
      pollOnly: false,
      pollIntervalSeconds: 20,
      jiraConcurrency: 16,
      allowedHosts: [],
      logLevel: 'info',
      smtpUrl: null,
    });
  });

  it('are read as they are given', () => {
    const settings = loadSettings({
      ...database,
      PORT: '3001',
      EXALATE_URL: 'https://exalate.a.example/',
      JIRA_URL: 'https://jira.a.example:8443/jira/',
      JIRA_USERNAME: 'sync',
      JIRA_PASSWORD: 'pass word',
      SYNC_TOKEN: 's'.repeat(16),
      POLL_ONLY: 'true',
      POLL_INTERVAL_SECONDS: '5',
      JIRA_CONCURRENCY: '4',
      ALLOWED_HOSTS: '127.0.0.1, localhost 10.0.0.0/8',
      LOG_LEVEL: 'debug',
      SMTP_URL: 'smtp://mail.example:587',
    });
    expect(settings).toMatchObject({
      port: 3001,
      exalateUrl: 'https://exalate.a.example',
      nodeName: 'jira.a.example:8443',
      jira: {
        baseUrl: 'https://jira.a.example:8443/jira',
        credentials: { kind: 'basic', username: 'sync', password: 'pass word' },
      },
      pollOnly: true,
      pollIntervalSeconds: 5,
      jiraConcurrency: 4,
      allowedHosts: ['127.0.0.1', 'localhost', '10.0.0.0/8'],
      logLevel: 'debug',
    });
  });

  it('take EXALATE_URL from the port and the token before basic authentication', () => {
    const settings = loadSettings({ PORT: '4000', JIRA_URL: 'http://jira.example', JIRA_TOKEN: 'pat', NODE_NAME: 'A' });
    expect(settings.exalateUrl).toBe('http://localhost:4000');
    expect(settings.nodeName).toBe('A');
    expect(settings.jira?.credentials).toEqual({ kind: 'token', token: 'pat' });
  });

  it('count an empty value as not set', () => {
    const empty = Object.fromEntries(settingNames.map((name) => [name, ' ']));
    expect(loadSettings(empty)).toEqual(loadSettings({}));
  });

  it.each([
    ['PORT', 'abc'],
    ['PORT', '0'],
    ['PORT', '65536'],
    ['PORT', '3000.5'],
    ['EXALATE_URL', 'exalate.example'],
    ['EXALATE_URL', 'https://exalate.example/path'],
    ['EXALATE_URL', 'ftp://exalate.example'],
    ['DATABASE_URL', 'mysql://x/y'],
    ['ENCRYPTION_KEY', Buffer.alloc(16).toString('base64')],
    ['NEXTAUTH_SECRET', 'short'],
    ['SYNC_TOKEN', 'short'],
    ['POLL_ONLY', 'maybe'],
    ['POLL_INTERVAL_SECONDS', '0'],
    ['POLL_INTERVAL_SECONDS', '1e3'],
    ['JIRA_CONCURRENCY', '-1'],
    ['ALLOWED_HOSTS', 'http://localhost:3000'],
    ['LOG_LEVEL', 'loud'],
    ['SMTP_URL', 'mail.example'],
    ['NODE_NAME', 'n'.repeat(101)],
    ['JIRA_CA_FILE', '/nowhere/ca.pem'],
  ])('refuse %s=%s by name', (name, value) => {
    expect(problemsOf({ ...database, [name]: value })).toEqual([name]);
  });

  it.each(['https://user:pw@jira.example', 'https://jira.example/?x=1', 'jira.example'])(
    'refuse the Jira URL %s',
    (url) => {
      expect(problemsOf({ JIRA_URL: url, JIRA_TOKEN: 'pat' })).toEqual(['JIRA_URL']);
    },
  );

  it('name everything that is missing or in conflict', () => {
    const db = { DATABASE_URL: database.DATABASE_URL };
    expect(problemsOf(db)).toEqual(['ENCRYPTION_KEY', 'NEXTAUTH_SECRET']);
    const JIRA_URL = 'https://jira.example';
    expect(problemsOf({ JIRA_URL })).toEqual(['JIRA_TOKEN']);
    expect(problemsOf({ JIRA_URL, JIRA_USERNAME: 'a' })).toEqual(['JIRA_PASSWORD']);
    expect(problemsOf({ JIRA_URL, JIRA_PASSWORD: 'a' })).toEqual(['JIRA_USERNAME']);
    expect(problemsOf({ JIRA_URL, JIRA_TOKEN: 'a', JIRA_USERNAME: 'a', JIRA_PASSWORD: 'a' })).toEqual(['JIRA_TOKEN']);
    expect(problemsOf({ JIRA_TOKEN: 'a' })).toEqual(['JIRA_URL']);
  });

  it('are refused in one message with every name and remedy and no value', () => {
    const values = {
      PORT: 'planted-1',
      ENCRYPTION_KEY: 'planted-2',
      DATABASE_URL: 'planted-3',
      JIRA_PASSWORD: 'planted-4',
    };
    let message = '';
    try {
      loadSettings(values);
    } catch (error) {
      message = String(error);
    }
    expect(message).toContain('PORT is not a port number. Use a whole number');
    for (const name of ['ENCRYPTION_KEY', 'DATABASE_URL', 'NEXTAUTH_SECRET', 'JIRA_USERNAME', 'JIRA_URL'])
      expect(message).toContain(`\n  ${name} `);
    expect(message).not.toContain('planted');
  });

  it('read the private CA and refuse a file that holds none', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'env-'));
    const [good, bad] = [join(folder, 'ca.pem'), join(folder, 'other.txt')];
    await writeFile(good, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
    await writeFile(bad, 'hello');
    expect(loadSettings({ JIRA_CA_FILE: good }).jiraCaPem).toContain('BEGIN CERTIFICATE');
    expect(problemsOf({ JIRA_CA_FILE: bad })).toEqual(['JIRA_CA_FILE']);
  });
});

describe('the settings of a web or worker process', () => {
  it('need a database', () => {
    expect(problemsOf({}, loadNodeSettings)).toEqual(['DATABASE_URL']);
    expect(loadNodeSettings(database)).toMatchObject({
      encryptionKey,
      nextauthSecret,
      databaseUrl: database.DATABASE_URL,
    });
  });
});

it('are all explained in .env.example', () => {
  const example = readFileSync(new URL('../../../.env.example', import.meta.url), 'utf8');
  for (const name of settingNames) expect(example).toMatch(new RegExp(`^# ?${name}=`, 'm'));
});
