/**
 * `npm run seed:scale`: a database with 100,000 issues under sync, to see and measure the console with. In a database of its
 * own: under scale-data/, or `exalate_scale` on the server of DATABASE_URL. Afterwards start the node on it, as the last line says.
 */
import { rm } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { Client, escapeIdentifier } from 'pg';
import { migrate } from '../src/db/migrate.ts';
import { createDatabase, startEmbeddedPostgres } from './lib/embedded-postgres.ts';
import { endOnFailure } from './lib/end-on-failure.ts';
import { projectRoot } from './lib/owned-process.ts';
import { seedScale } from './lib/seed/seed-scale.ts';

const database = 'exalate_scale';
const folder = join(projectRoot, 'scale-data');

const { values } = parseArgs({
  options: {
    twins: { type: 'string', default: '100000' },
    /** EXALATE_URL of the node that will use it. */
    url: { type: 'string', default: 'http://localhost:3000' },
    /** Removes what an earlier seed left. */
    reset: { type: 'boolean', default: false },
  },
});

await endOnFailure(async () => {
  const twins = Number(values.twins);
  if (!Number.isInteger(twins) || twins < 1000) throw new Error('--twins is a whole number, 1000 at least.');
  const given = process.env['DATABASE_URL'];
  if (given !== undefined && given !== '') {
    const url = new URL(given);
    url.pathname = `/${database}`;
    if (values.reset) await dropDatabase(given);
    await createDatabase(given, database);
    return fill(url.href, twins, `DATABASE_URL with the database ${database}`);
  }
  if (values.reset) await rm(folder, { recursive: true, force: true });
  const server = await startEmbeddedPostgres({ dataDir: folder });
  try {
    await fill(server.url, twins, `DATA_DIR=${relative(projectRoot, folder)}`);
  } finally {
    await server.stop();
  }
});

async function fill(databaseUrl: string, twins: number, how: string): Promise<void> {
  const started = performance.now();
  await migrate(databaseUrl);
  await seedScale({ databaseUrl, twins, exalateUrl: values.url, say: (text) => console.log(`  ${text}`) });
  console.log(
    `Made in ${((performance.now() - started) / 1000).toFixed(0)} s. Start a node on it with ${how} and EXALATE_URL=${values.url}.`,
  );
}

async function dropDatabase(serverUrl: string): Promise<void> {
  const client = new Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(database)} WITH (FORCE)`);
  } finally {
    await client.end();
  }
}
