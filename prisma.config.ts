import { defineConfig } from 'prisma/config';

// Only for the Prisma command line (`prisma migrate deploy` and its kin); the node itself uses src/db.
const url = process.env.DATABASE_URL;

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  ...(url === undefined ? {} : { datasource: { url } }),
});
