import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startEmbeddedPostgres, type EmbeddedPostgres } from '../../../scripts/lib/embedded-postgres.ts';
import { withAdmin } from '../../support/database-url.ts';
import { waitFor } from '../../support/wait-for.ts';

let dataDir = '';
let server: EmbeddedPostgres;
const start = () => startEmbeddedPostgres({ dataDir, settings: { fsync: 'off' } });
const rows = async (sql: string): Promise<unknown[]> =>
  (await withAdmin(server.url, (client) => client.query(sql))).rows;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'exalate-embedded-'));
  server = await start();
});
afterAll(async () => {
  await server.stop();
  await rm(dataDir, { recursive: true, force: true });
});

describe('the embedded PostgreSQL', () => {
  it('listens on the loopback interface only and wants the password, which only the owner can read', async () => {
    expect(await rows('SHOW listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
    const wrong = new URL(server.url);
    wrong.password = 'wrong';
    await expect(withAdmin(wrong.href, (client) => client.query('SELECT 1'))).rejects.toThrow(/password/);
    expect((await stat(join(dataDir, 'postgres-password'))).mode & 0o777).toBe(0o600);
  });

  it('speaks UTF-8 and sorts the same on every system', async () => {
    expect(await rows(`SELECT lower('ÄÖ') AS lower, current_setting('server_encoding') AS encoding`)).toEqual([
      { lower: 'äö', encoding: 'UTF8' },
    ]);
  });

  it('belongs to one node at a time', async () => {
    await expect(start()).rejects.toThrow(/Another node is running/);
  });

  it('is started again on the same address when it dies', async () => {
    await rows('CREATE TABLE kept AS SELECT 1 AS one');
    const [pid] = (await readFile(join(dataDir, 'postgres', 'cluster', 'postmaster.pid'), 'utf8')).split('\n');
    process.kill(Number(pid), 'SIGKILL');
    const seen = await waitFor('the server to come back', () => rows('SELECT one FROM kept'), { timeoutMs: 25_000 });
    expect(seen).toEqual([{ one: 1 }]);
  });

  it('keeps its data from one start to the next', async () => {
    await server.stop();
    server = await start();
    expect(await rows('SELECT one FROM kept')).toEqual([{ one: 1 }]);
  });
});
