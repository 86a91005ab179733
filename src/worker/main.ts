/** The worker process: takes lanes as they become due, polls the own Jira, and keeps house. Any number may run. */
import { hostname } from 'node:os';
import { migrate } from '#/db/migrate.ts';
import { composeNode } from '#/composition.ts';
import { loadNodeSettings, SettingsError } from '#/env.ts';
import type { NodeSettings } from '#/env.ts';
import { startWorker } from './worker.ts';

async function main(settings: NodeSettings): Promise<void> {
  await migrate(settings.databaseUrl);
  const node = await composeNode(settings, 'worker');
  const owner = `${hostname()}-${process.pid}-${node.ctx.ids.uuid().slice(0, 8)}`;
  const worker = await startWorker(node, { owner, pollIntervalSeconds: settings.pollIntervalSeconds });
  node.logger.info({ owner }, 'worker ready');

  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    worker
      .stop()
      .then(() => node.close())
      .then(
        () => process.exit(0),
        (error: unknown) => {
          node.logger.error({ err: error }, 'worker did not stop cleanly');
          process.exit(1);
        },
      );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // Started by `npm start`: without it this worker has no database either.
  process.on('disconnect', stop);
}

try {
  await main(loadNodeSettings());
} catch (error) {
  process.stderr.write(`${error instanceof SettingsError ? error.message : String(error instanceof Error ? error.stack : error)}\n`);
  process.exit(1);
}
