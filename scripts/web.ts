/** `npm run web`: the console alone; any number of them on one DATABASE_URL. `--dev` for development. */
import { createRequire } from 'node:module';
import { createDb } from '../src/db/client.ts';
import { loadNodeSettings, type NodeSettings } from '../src/env.ts';
import { migrate } from '../src/db/migrate.ts';
import { createLogger } from '../src/observability/logger.ts';
import { notePeerAddresses } from '../src/server/peer-address.ts';
import { announceSetup } from '../src/services/setup/announce-setup.ts';
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
  if (settings.jira === null) await printSetupToken(settings);

  // Next reads these from the environment and nowhere else.
  Object.assign(process.env, {
    NODE_ENV: dev ? 'development' : 'production',
    NEXT_TELEMETRY_DISABLED: '1',
    NEXTAUTH_URL: settings.exalateUrl,
    NEXTAUTH_SECRET: settings.nextauthSecret,
  });
  notePeerAddresses();
  // Its command line, in this process: one process less to stop.
  process.argv.splice(2, Infinity, dev ? 'dev' : 'start', '--port', String(settings.port));
  createRequire(import.meta.url)('next/dist/bin/next');
});

/** Whoever reads this log is who set this node up; nobody else may say which Jira it works for. */
async function printSetupToken(settings: NodeSettings): Promise<void> {
  const db = createDb(settings.databaseUrl, { maxConnections: 1, applicationName: 'exalate-set-up' });
  try {
    const token = await announceSetup(db, settings.exalateUrl);
    if (token === null) return;
    createLogger({ level: settings.logLevel, process: 'web' }).warn(
      `No Jira is attached to this node yet. Open ${settings.exalateUrl}/setup. Set-up token, good once: ${token}`,
    );
  } finally {
    await db.$disconnect();
  }
}
