/** A database whose disk is full: whatever needs room is refused with PostgreSQL's own error. */
import { escapeIdentifier } from 'pg';
import type { Client } from 'pg';
import { withAdmin } from './database-url.ts';

/**
 * Where rows can still be changed, because a new version of a row finds place beside the old one: in the two tables of a
 * few rows only, or everywhere.
 */
export type Changes = 'hardly' | 'everywhere';

const few = ['node', 'worker_beat'];

const refuse = `
  CREATE OR REPLACE FUNCTION public.no_room() RETURNS trigger LANGUAGE plpgsql AS $$
  BEGIN
    RAISE EXCEPTION 'could not extend file "base/1/2": No space left on device' USING ERRCODE = 'disk_full';
  END $$`;

export function fillDisk(databaseUrl: string, changes: Changes = 'hardly'): Promise<void> {
  return withAdmin(databaseUrl, async (client) => {
    await client.query('BEGIN');
    await client.query(refuse);
    for (const { schema, name } of await tables(client)) {
      const event = changes === 'everywhere' || few.includes(name) ? 'INSERT' : 'INSERT OR UPDATE';
      await client.query(
        `CREATE TRIGGER no_room BEFORE ${event} ON ${escapeIdentifier(schema)}.${escapeIdentifier(name)}
         FOR EACH STATEMENT EXECUTE FUNCTION public.no_room()`,
      );
    }
    await client.query('COMMIT');
  });
}

export function makeRoom(databaseUrl: string): Promise<void> {
  return withAdmin(databaseUrl, async (client) => {
    await client.query('DROP FUNCTION IF EXISTS public.no_room() CASCADE');
  });
}

async function tables(client: Client): Promise<{ schema: string; name: string }[]> {
  const { rows } = await client.query<{ schema: string; name: string }>(`
    SELECT n.nspname AS schema, c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND n.nspname IN ('public', 'pgboss')`);
  return rows;
}
