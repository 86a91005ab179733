import { freePort } from '../../../scripts/lib/free-port.ts';
import { textOf } from '../../../scripts/lib/end-on-failure.ts';
import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { migrate, MigrationError } from '#/db/migrate.ts';
import { createHash, randomUUID } from 'node:crypto';
import { migrationsFolder, readMigrations } from '#/db/migration-files.ts';
import { createSchemaEngine, diffSchema, migrationList } from '../../../scripts/lib/schema-engine.ts';
import { cloneDatabase, dropDatabase } from '../../support/database.ts';
import { onDatabase, withAdmin } from '../../support/database-url.ts';

const function1 = `CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END; $$;`;
const first = migration('20260101000000_first', `CREATE TABLE a (id int); ${function1}`);
const second = migration('20260102000000_second', 'ALTER TABLE a ADD COLUMN name text');

function migration(name: string, sql: string) {
  return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
}

let url = '';
const query = async (sql: string) => (await withAdmin(url, (client: Client) => client.query(sql))).rows;

beforeAll(async () => {
  const name = `exalate_migrate_${randomUUID().replaceAll('-', '')}`;
  const admin = onDatabase(inject('templateUrl'), 'postgres');
  await withAdmin(admin, (client) => client.query(`CREATE DATABASE "${name}"`));
  url = onDatabase(admin, name);
});
afterAll(() => dropDatabase(url));

describe('migrating', () => {
  it('applies what is missing once, however many processes start at the same time', async () => {
    const applied = await Promise.all(Array.from({ length: 12 }, () => migrate(url, [first])));
    expect(applied.flat()).toEqual([first.name]);
    expect(await migrate(url, [first, second])).toEqual([second.name]);
    expect(await migrate(url, [first, second])).toEqual([]);
    expect(
      await query('SELECT migration_name, finished_at IS NOT NULL AS done FROM _prisma_migrations ORDER BY 1'),
    ).toEqual([
      { migration_name: first.name, done: true },
      { migration_name: second.name, done: true },
    ]);
  });

  it('leaves nothing of a migration that fails, and can be tried again', async () => {
    const broken = migration('20260103000000_third', 'CREATE TABLE b (id int); SELECT nonsense;');
    await expect(migrate(url, [first, second, broken])).rejects.toThrow(/third failed and was undone/);
    expect(await query(`SELECT to_regclass('b') AS b`)).toEqual([{ b: null }]);
    const mended = migration(broken.name, 'CREATE TABLE b (id int)');
    expect(await migrate(url, [first, second, mended])).toEqual([mended.name]);
  });

  it('refuses to work on a database that a later version has used', async () => {
    await expect(migrate(url, [first])).rejects.toThrow(MigrationError);
    await expect(migrate(url, [first])).rejects.toThrow(/later version/);
  });

  it('refuses a migration that was altered afterwards', async () => {
    await expect(migrate(url, [{ ...first, checksum: 'x' }, second])).rejects.toThrow(/altered/);
  });
});

it('a database that is not there is named with its setting and without its password', async () => {
  const port = await freePort();
  const refused: unknown = await migrate(`postgresql://exalate:secret@127.0.0.1:${port}/exalate`).catch(
    (error: unknown) => error,
  );
  expect(textOf(refused)).toMatch(new RegExp(`127.0.0.1:${port}/exalate of DATABASE_URL.*Check that PostgreSQL runs`));
  expect(textOf(refused)).not.toContain('secret');
});

describe('the migrations of the project', () => {
  // A copy, since a template that somebody is connected to cannot be cloned by the other files.
  let migrated = '';
  beforeAll(async () => {
    migrated = await cloneDatabase();
  });
  afterAll(() => dropDatabase(migrated));

  it('lead to what schema.prisma says', async () => {
    expect(await diffSchema(migrated)).toBeNull();
  });

  it('are in the state that Prisma itself would leave', async () => {
    const engine = await createSchemaEngine(migrated);
    const diagnosis = await engine.diagnoseMigrationHistory({
      migrationsList: migrationList(await readMigrations(), migrationsFolder),
      optInToShadowDatabase: false,
      filters: { externalTables: [], externalEnums: [] },
    });
    expect(diagnosis).toMatchObject({
      history: null,
      failedMigrationNames: [],
      editedMigrationNames: [],
      hasMigrationsTable: true,
    });
  });
});
