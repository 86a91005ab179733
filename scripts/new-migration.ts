/** `npm run migration -- <what>`: writes what is missing between prisma/migrations and schema.prisma as a new migration. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { migrationsFolder } from '../src/db/migration-files.ts';
import { endOnFailure } from './lib/end-on-failure.ts';
import { projectRoot } from './lib/owned-process.ts';
import { diffSchema } from './lib/schema-engine.ts';
import { startScratchPostgres } from './lib/scratch-postgres.ts';

await endOnFailure(async () => {
  const [what = ''] = process.argv.slice(2);
  if (!/^[a-z0-9]+(_[a-z0-9]+)*$/.test(what))
    throw new Error('Say in snake_case what the migration does: npm run migration -- add_trigger_table');

  const sql = await diffOnScratch();
  if (sql === null) return console.log('schema.prisma and the migrations say the same: nothing to write.');
  const utc = new Date().toISOString().replace(/\D/g, '').slice(0, 14);
  const folder = join(migrationsFolder, `${utc}_${what}`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'migration.sql'), sql);
  await writeFile(join(migrationsFolder, 'migration_lock.toml'), 'provider = "postgresql"\n');
  console.log(
    `Wrote ${relative(projectRoot, folder)}/migration.sql. Read it, and add by hand what Prisma does not know.`,
  );
});

async function diffOnScratch(): Promise<string | null> {
  const scratch = await startScratchPostgres();
  try {
    return await diffSchema(scratch.url);
  } finally {
    await scratch.stop();
  }
}
