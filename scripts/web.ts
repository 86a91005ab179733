/** `npm run web`: the console alone; any number of them on one DATABASE_URL. `--dev` for development. */
import { createRequire } from 'node:module';
import { loadNodeSettings } from '../src/env.ts';
import { migrate } from '../src/db/migrate.ts';
import { ensureBuild } from './lib/build.ts';
import { endOnFailure } from './lib/end-on-failure.ts';
import { isPortFree } from './lib/free-port.ts';

await endOnFailure(async () => {
  const dev = process.argv.includes('--dev');
  const settings = loadNodeSettings();
  if (!(await isPortFree(settings.port)))
    throw new Error(`Port ${settings.port} is in use. Stop what listens there, or set PORT to another one.`);
  await migrate(settings.databaseUrl);
  if (!dev) await ensureBuild();

  // Next reads these from the environment and nowhere else.
  Object.assign(process.env, {
    NODE_ENV: dev ? 'development' : 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    NEXTAUTH_URL: settings.exalateUrl,
    NEXTAUTH_SECRET: settings.nextauthSecret,
  });
  // Its command line, in this process: one process less to stop.
  process.argv.splice(2, Infinity, dev ? 'dev' : 'start', '--port', String(settings.port));
  createRequire(import.meta.url)('next/dist/bin/next');
});
