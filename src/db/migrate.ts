import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { type Migration, readMigrations } from './migration-files.ts';

/** The database cannot be brought to this version; the message says what to do. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

interface AppliedMigration {
  migration_name: string;
  checksum: string;
}

/** Any number will do, as long as every version of this program takes the same. */
const LOCK = 4_801_702_337;
const OLDEST_SERVER = 140_000;

/** As Prisma creates it, so that `prisma migrate deploy` can take over at any time. */
const CREATE_HISTORY = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" VARCHAR(36) PRIMARY KEY NOT NULL,
  "checksum" VARCHAR(64) NOT NULL,
  "finished_at" TIMESTAMPTZ,
  "migration_name" VARCHAR(255) NOT NULL,
  "logs" TEXT,
  "rolled_back_at" TIMESTAMPTZ,
  "started_at" TIMESTAMPTZ NOT NULL DEFAULT now(),
  "applied_steps_count" INTEGER NOT NULL DEFAULT 0
)`;

/**
 * Applies the migrations that are missing, oldest first, and answers with their names. Each is one transaction
 * together with its entry in `_prisma_migrations`, so a kill leaves no half of it; processes that start at once wait
 * for each other. Throws {@link MigrationError} for a server or a database that this version cannot work with.
 */
export async function migrate(databaseUrl: string, migrations?: readonly Migration[]): Promise<readonly string[]> {
  const wanted = migrations ?? (await readMigrations());
  const client = new Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: 10_000,
    application_name: 'exalate migrate',
  });
  await client.connect().catch((cause: unknown) => {
    throw new MigrationError(unreachable(databaseUrl), { cause });
  });
  try {
    await assertServer(client);
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    await client.query(CREATE_HISTORY);
    const missing = missingOf(wanted, await readHistory(client));
    for (const migration of missing) await apply(client, migration);
    return missing.map(({ name }) => name);
  } finally {
    // Ends the session, and the lock with it.
    await client.end();
  }
}

/** Without user name and password. */
function unreachable(databaseUrl: string): string {
  const { host, pathname } = new URL(databaseUrl);
  return `The database ${host}${pathname} of DATABASE_URL cannot be used. Check that PostgreSQL runs there and that address, user, password and database name in DATABASE_URL are right, or leave DATABASE_URL out for the embedded one.`;
}

async function assertServer(client: Client): Promise<void> {
  const { rows } = await client.query<{ version: string; number: number }>(
    `SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int AS number`,
  );
  const [server] = rows;
  if (server !== undefined && server.number < OLDEST_SERVER)
    throw new MigrationError(`PostgreSQL ${server.version} is too old. Use version 14 or later.`);
}

async function readHistory(client: Client): Promise<readonly AppliedMigration[]> {
  const { rows } = await client.query<AppliedMigration & { finished: boolean }>(
    `SELECT migration_name, checksum, finished_at IS NOT NULL AS finished
     FROM "_prisma_migrations" WHERE rolled_back_at IS NULL`,
  );
  const failed = rows.find(({ finished }) => !finished);
  if (failed !== undefined)
    throw new MigrationError(
      `The migration ${failed.migration_name} was begun by another tool and did not finish. Look at the database, then use \`prisma migrate resolve\`.`,
    );
  return rows;
}

function missingOf(wanted: readonly Migration[], history: readonly AppliedMigration[]): readonly Migration[] {
  const known = new Map(wanted.map((migration) => [migration.name, migration]));
  for (const { migration_name: name, checksum } of history) {
    const migration = known.get(name);
    if (migration === undefined)
      throw new MigrationError(
        `The database has the migration ${name}, which this version does not know: a later version has used it. Start that version, or restore a backup from before.`,
      );
    if (migration.checksum !== checksum)
      throw new MigrationError(`The migration ${name} was altered after it had been applied. Restore its file.`);
  }
  const applied = new Set(history.map(({ migration_name: name }) => name));
  return wanted.filter(({ name }) => !applied.has(name));
}

async function apply(client: Client, { name, sql, checksum }: Migration): Promise<void> {
  await client.query('BEGIN');
  try {
    await client.query(sql);
    await client.query(
      `INSERT INTO "_prisma_migrations" (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query('COMMIT');
  } catch (cause) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw new MigrationError(`The migration ${name} failed and was undone.`, { cause });
  }
}
