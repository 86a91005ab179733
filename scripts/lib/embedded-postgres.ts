import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, escapeIdentifier } from 'pg';
import { backoffMs } from '../../src/kernel/backoff.ts';
import { createOnce, ensureDataDir } from './data-dir-secrets.ts';
import { freePort } from './free-port.ts';
import { type PostgresServer, postgresServer } from './postgres-server.ts';

export interface EmbeddedPostgres {
  /** Of the node's database. */
  readonly url: string;
  /** Of another database on the same server. */
  urlOf(database: string): string;
  /** Ends sessions and stops the server. May be called twice. */
  stop(): Promise<void>;
}

export interface EmbeddedPostgresOptions {
  dataDir: string;
  /** Server parameters, such as `fsync`. */
  settings?: Readonly<Record<string, string>>;
  /** Told when the server was lost and is being started again. */
  onLost?: (error: Error) => void;
}

const DATABASE = 'exalate';
/** Held for as long as a start uses the server; a kill frees it at once. */
const OWNER_LOCK = 4_801_702_338;

/**
 * Starts a real PostgreSQL under `dataDir`, or takes over the one that a killed start left running there. Data is
 * kept. When the server dies it is started again on the same port. Throws when another start uses `dataDir`.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { dataDir, settings = {}, onLost = () => {} } = options;
  await ensureDataDir(dataDir);
  const password = await ownPassword(dataDir);
  const server = await postgresServer(dataDir);
  await server.initialise(password);

  const port = await startServer(server, settings, null);
  const urlOf = (database: string): string => `postgresql://${server.user}:${password}@127.0.0.1:${port}/${database}`;
  let stopped: Promise<void> | null = null;
  let keeper = await own(urlOf('postgres'), dataDir);

  const watch = (): void => {
    keeper.once('error', (error) => {
      if (stopped !== null) return;
      onLost(error);
      void revive();
    });
  };
  const revive = async (): Promise<void> => {
    for (let attempt = 1; stopped === null; attempt += 1) {
      try {
        await startServer(server, settings, port);
        keeper = await own(urlOf('postgres'), dataDir);
        return watch();
      } catch (error) {
        onLost(error instanceof Error ? error : new Error(String(error)));
        await delay(backoffMs(attempt, { baseMs: 500, maxMs: 10_000 }, Math.random));
      }
    }
  };

  watch();
  await createDatabase(urlOf('postgres'), DATABASE);
  return {
    url: urlOf(DATABASE),
    urlOf,
    stop() {
      stopped ??= keeper.end().then(() => server.stop());
      return stopped;
    },
  };
}

/** Creates the database unless it is there. */
export async function createDatabase(adminUrl: string, name: string, template = 'template1'): Promise<void> {
  const client = await connect(adminUrl);
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0)
      await client.query(`CREATE DATABASE ${escapeIdentifier(name)} TEMPLATE ${escapeIdentifier(template)}`);
  } finally {
    await client.end();
  }
}

/** The port of the server, which runs afterwards; `wanted` is null as long as nobody knows an address of it. */
async function startServer(
  server: PostgresServer,
  settings: Readonly<Record<string, string>>,
  wanted: number | null,
): Promise<number> {
  let failure: unknown;
  for (let attempt = 1; attempt <= 5; attempt += 1) {
    const running = await server.runningPort();
    if (running !== null && (wanted === null || running === wanted)) return running;
    if (running !== null) await server.stop();
    try {
      const port = wanted ?? (await freePort());
      await server.start(port, settings);
      return port;
    } catch (error) {
      // The port was taken in between, or the last sessions of a killed server are still ending.
      failure = error;
      await delay(500 * attempt);
    }
  }
  throw failure;
}

/** A session that shows to other starts that the server is in use, and to us that it lives. */
async function own(url: string, dataDir: string): Promise<Client> {
  const keeper = await connect(url);
  for (let attempt = 1; attempt <= 10; attempt += 1) {
    const { rows } = await keeper.query<{ free: boolean }>('SELECT pg_try_advisory_lock($1) AS free', [OWNER_LOCK]);
    if (rows[0]?.free) return keeper;
    await delay(300);
  }
  await keeper.end();
  throw new Error(`Another node is running on ${dataDir}. Stop it, or give this one a DATA_DIR of its own.`);
}

/** Waits up to 20 s while the server is starting, recovering from a crash or still stopping. */
async function connect(url: string): Promise<Client> {
  for (let attempt = 1; ; attempt += 1) {
    const client = new Client({ connectionString: url, application_name: 'exalate start', keepAlive: true });
    client.on('error', () => {});
    try {
      await client.connect();
      return client;
    } catch (error) {
      if (attempt >= 40) throw error;
      await delay(500);
    }
  }
}

async function ownPassword(dataDir: string): Promise<string> {
  const path = join(dataDir, 'postgres-password');
  const read = (): Promise<string> => readFile(path, 'utf8').then((text) => text.trim());
  return read().catch(async () => {
    await createOnce(path, randomBytes(24).toString('hex'));
    return read();
  });
}
