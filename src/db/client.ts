import { PrismaPg } from '@prisma/adapter-pg';
import { Pool } from 'pg';
import { type Prisma, PrismaClient } from './generated/client.ts';

export type Db = PrismaClient;

/** What a transaction callback receives: the client without connecting, transactions and extensions. */
export type Tx = Prisma.TransactionClient;

export interface DbOptions {
  /** Most connections of this process; 10 unless given. */
  maxConnections?: number;
  /** Shown in `pg_stat_activity`. */
  applicationName?: string;
  /** Told of connections lost while idle, such as at a restart of the database; the pool replaces them by itself. */
  onConnectionLost?: (error: Error) => void;
}

/**
 * Opens the database lazily, on a pool of its own; `$disconnect()` closes it. A free connection is waited for 10 s;
 * a statement is cancelled after 60 s, a transaction as well, and one that does nothing for that long.
 */
export function createDb(databaseUrl: string, options: DbOptions = {}): Db {
  const { maxConnections = 10, applicationName = 'exalate', onConnectionLost = () => {} } = options;
  const pool = new Pool({
    connectionString: databaseUrl,
    max: maxConnections,
    application_name: applicationName,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    statement_timeout: 60_000,
    idle_in_transaction_session_timeout: 60_000,
    keepAlive: true,
  });
  // A connection that is lost between being handed out and being listened to would end the process.
  pool.on('connect', (client) => client.on('error', onConnectionLost));
  const adapter = new PrismaPg(pool, {
    disposeExternalPool: true,
    onPoolError: onConnectionLost,
    onConnectionError: onConnectionLost,
    statementNameGenerator: statementNames(),
  });
  return new PrismaClient({ adapter, transactionOptions: { maxWait: 10_000, timeout: 60_000 } });
}

/**
 * Names under which PostgreSQL keeps our statements parsed and planned, which is most of what a short one costs. Only so
 * many get one: the text of a list query depends on the number of its values.
 */
function statementNames(mostNames = 300): (statement: { sql: string }) => string {
  const names = new Map<string, string>();
  return ({ sql }) => {
    const known = names.get(sql);
    if (known !== undefined) return known;
    if (names.size >= mostNames) return '';
    const name = `s${names.size}`;
    names.set(sql, name);
    return name;
  };
}
