/** A look into a node's own database, for what no page shows: above all for secrets that must not be there. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from 'pg';
import { postgresServer } from '../scripts/lib/postgres-server.ts';
import type { Company } from './fixtures.ts';

export async function withDatabase<T>(company: Company, work: (client: Client) => Promise<T>): Promise<T> {
  const server = await postgresServer(company.dataDir);
  const password = (await readFile(join(company.dataDir, 'postgres-password'), 'utf8')).trim();
  const client = new Client({
    connectionString: `postgresql://${server.user}:${password}@127.0.0.1:${await server.runningPort()}/exalate`,
  });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Every row of every table, of the queue's tables too, as one text. */
export async function everyRow(company: Company): Promise<string> {
  return withDatabase(company, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
       WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
    );
    const texts: string[] = [];
    for (const { name } of rows) {
      const content = await client.query<{ text: string }>(`SELECT to_jsonb(t)::text AS text FROM ${name} t`);
      texts.push(`${name}:`, ...content.rows.map(({ text }) => text));
    }
    return texts.join('\n');
  });
}

/** Everything that an administrator can change, as one text: equal texts mean that nothing was done. */
export async function whatAdminsChange(company: Company): Promise<string> {
  const parts = [
    `SELECT id, name, description, status, rules FROM connection ORDER BY id`,
    `SELECT id, "secretHash", "expiresAt", "revokedAt", "usedAt" FROM invitation ORDER BY id`,
    `SELECT id, status, "endedAt", "cleanedAt" FROM twin ORDER BY id`,
    `SELECT * FROM sync_trigger ORDER BY id`,
    `SELECT id, status FROM bulk_run ORDER BY id`,
    `SELECT id, "resolvedAt" FROM sync_error ORDER BY id`,
    `SELECT "jiraUrl", "jiraCredentials", "setupTokenHash", "pollOnly", "notifyEmail", "exalateUrl" FROM node`,
    `SELECT count(*)::int FROM audit_entry`,
  ];
  return withDatabase(company, async (client) => {
    const texts: string[] = [];
    for (const sql of parts) texts.push(JSON.stringify((await client.query(sql)).rows));
    return texts.join('\n');
  });
}
