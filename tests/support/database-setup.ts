/** One PostgreSQL for the whole run, with one migrated database from which every test file clones its own. */
import type { TestProject } from 'vitest/node';
import { migrate } from '../../src/db/migrate.ts';
import { createDatabase } from '../../scripts/lib/embedded-postgres.ts';
import { startScratchPostgres } from '../../scripts/lib/scratch-postgres.ts';
import { onDatabase, withAdmin } from './database-url.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of the migrated database; clones are made on its server. */
    templateUrl: string;
  }
}

/** The server of TEST_DATABASE_URL (whose user must be allowed to create databases), else an embedded one. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.TEST_DATABASE_URL;
  const scratch = given === undefined || given === '' ? await startScratchPostgres() : null;
  const serverUrl = scratch?.url ?? given ?? '';
  const template = `exalate_test_${process.pid}_template`;
  const templateUrl = onDatabase(serverUrl, template);
  await createDatabase(serverUrl, template);
  await migrate(templateUrl);
  project.provide('templateUrl', templateUrl);

  return async () => {
    if (scratch === null)
      await withAdmin(serverUrl, (client) => client.query(`DROP DATABASE "${template}" WITH (FORCE)`));
    else await scratch.stop();
  };
}
