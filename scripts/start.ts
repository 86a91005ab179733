/** `npm start`: one node with everything it needs. `--dev` (`npm run dev`) runs the console without a build. */
import { migrate } from '../src/db/migrate.ts';
import { loadSettings, type Settings } from '../src/env.ts';
import { createLogger, type Logger } from '../src/observability/logger.ts';
import { ensureBuild } from './lib/build.ts';
import { dataDirSecrets } from './lib/data-dir-secrets.ts';
import { startEmbeddedPostgres } from './lib/embedded-postgres.ts';
import { endOnFailure, textOf } from './lib/end-on-failure.ts';
import { isPortFree } from './lib/free-port.ts';
import type { Environment } from './lib/owned-process.ts';
import { createShutdown, type Shutdown } from './lib/shutdown.ts';
import { supervise } from './lib/supervise.ts';

await endOnFailure(async () => {
  const dev = process.argv.includes('--dev');
  const settings = loadSettings();
  if (!(await isPortFree(settings.port)))
    throw new Error(`Port ${settings.port} is in use. Stop what listens there, or set PORT to another one.`);

  const logger = createLogger({ level: settings.logLevel, process: 'start' });
  const shutdown = createShutdown((text) => logger.info(text));
  try {
    await startNode({ dev, settings, logger, shutdown });
  } catch (error) {
    if (!shutdown.signal.aborted) console.error(textOf(error));
    await shutdown.exit(1);
  }
});

async function startNode(node: {
  dev: boolean;
  settings: Settings;
  logger: Logger;
  shutdown: Shutdown;
}): Promise<void> {
  const { dev, settings, logger, shutdown } = node;
  if (!dev)
    await ensureBuild({
      signal: shutdown.signal,
      onBuild: () => logger.info('Building the console; this takes a minute.'),
    });

  const env: Environment = { ...process.env, ...(await nodeEnvironment(node)) };
  if (shutdown.signal.aborted) return;
  const args = dev ? ['--dev'] : [];
  const children = [
    supervise('worker', { script: 'src/worker/main.ts', args, env }, logger),
    supervise('web', { script: 'scripts/web.ts', args, env }, logger),
  ];
  shutdown.defer(
    async () => void (await Promise.all(children.map((child) => child.stop()))),
    () => children.forEach((child) => child.kill()),
  );
  logger.info({ url: settings.exalateUrl }, `The console is starting on ${settings.exalateUrl}`);
}

/** Brings up the database and the keys, and says how the other processes find them. */
async function nodeEnvironment(node: { settings: Settings; logger: Logger; shutdown: Shutdown }): Promise<Environment> {
  const { settings, logger, shutdown } = node;
  const shared = { DATA_DIR: settings.dataDir, PORT: String(settings.port), EXALATE_URL: settings.exalateUrl };
  if (settings.databaseUrl !== null) {
    await migrate(settings.databaseUrl);
    return shared;
  }
  const secrets = await dataDirSecrets(settings.dataDir);
  const database = await startEmbeddedPostgres({
    dataDir: settings.dataDir,
    onLost: (error) => logger.error({ err: error }, 'The embedded PostgreSQL was lost; starting it again.'),
  });
  shutdown.defer(() => database.stop());
  await migrate(database.url);
  return {
    ...shared,
    DATABASE_URL: database.url,
    ENCRYPTION_KEY: settings.encryptionKey ?? secrets.encryptionKey,
    NEXTAUTH_SECRET: settings.nextauthSecret ?? secrets.nextauthSecret,
    SYNC_TOKEN: settings.syncToken ?? secrets.syncToken,
  };
}
