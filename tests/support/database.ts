import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, inject } from 'vitest';
import { createDb, type Db } from '#/db/client.ts';
import { onDatabase, withAdmin } from './database-url.ts';

export interface TestDatabase {
  readonly url: string;
  readonly db: Db;
}

/**
 * A database of the file's own, migrated and empty, for all tests of the file; removed afterwards together with its
 * sessions. Call it at the top of a test file and use `url` and `db` inside tests and hooks only.
 */
export function useDatabase(): TestDatabase {
  let current: { url: string; db: Db } | null = null;
  const opened = () => {
    if (current === null) throw new Error('The database is there inside tests and hooks only.');
    return current;
  };
  beforeAll(async () => {
    const url = await cloneDatabase();
    current = { url, db: createDb(url) };
  });
  afterAll(async () => {
    if (current === null) return;
    await current.db.$disconnect();
    await dropDatabase(current.url);
  });
  return {
    get url() {
      return opened().url;
    },
    get db() {
      return opened().db;
    },
  };
}

/** A copy of the migrated template; whoever makes it drops it. Integration project only. */
export async function cloneDatabase(): Promise<string> {
  const templateUrl = inject('templateUrl');
  const template = new URL(templateUrl).pathname.slice(1);
  const name = template.replace('template', randomUUID().replaceAll('-', ''));
  await withAdmin(onDatabase(templateUrl, 'postgres'), (client) =>
    client.query(`CREATE DATABASE "${name}" TEMPLATE "${template}"`),
  );
  return onDatabase(templateUrl, name);
}

export async function dropDatabase(url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  await withAdmin(onDatabase(url, 'postgres'), (client) =>
    client.query(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`),
  );
}
