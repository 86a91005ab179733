import { expect, it } from 'vitest';
import { useDatabase } from '../../support/database.ts';

const database = useDatabase();

it('is migrated, and this file has it alone', async () => {
  const [row] = await database.db.$queryRaw<Array<{ name: string; tables: bigint }>>`
    SELECT current_database() AS name,
           (SELECT count(*) FROM pg_tables WHERE tablename = '_prisma_migrations') AS tables`;
  expect(row).toEqual({ name: new URL(database.url).pathname.slice(1), tables: 1n });
  expect(row?.name).not.toContain('template');
});
