/** The worker process: takes lanes as they become due, polls the own Jira, and keeps house. Any number may run. */
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { migrate } from '#/db/migrate.ts';
import { composeNode } from '#/composition.ts';
import { loadNodeSettings, SettingsError } from '#/env.ts';
import type { NodeSettings } from '#/env.ts';
import { startWorker } from './worker.ts';

async function main(settings: NodeSettings): Promise<void> {
  await migrate(settings.databaseUrl);
  let current = await run(settings);
  let ending = false;
  const stop = (): void => {
    if (ending) return;
    ending = true;
    current.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // Started by `npm start`: without it this worker has no database either.
  process.on('disconnect', stop);

  // What is entered on the set-up page or in General Settings is taken over by beginning anew.
  while (settings.jira === null) {
    await sleep(setUpLookMs);
    if (ending) return;
    if (!(await current.outdated())) continue;
    await current.stop();
    if (ending) return;
    current = await run(settings);
  }
}

const setUpLookMs = 1_000;

interface Running {
  /** Whether a Jira was given, or its proxy user changed, since the start. */
  outdated(): Promise<boolean>;
  stop(): Promise<void>;
}

async function run(settings: NodeSettings): Promise<Running> {
  const node = await composeNode(settings, 'worker');
  const owner = `${hostname()}-${process.pid}-${node.ctx.ids.uuid().slice(0, 8)}`;
  const worker = await startWorker(node, { owner, pollIntervalSeconds: settings.pollIntervalSeconds });
  node.logger.info({ owner }, 'worker ready');

  return {
    outdated: () => node.outdated().catch(() => false),
    async stop() {
      try {
        await worker.stop();
        await node.close();
      } catch (error) {
        node.logger.error({ err: error }, 'worker did not stop cleanly');
        throw error;
      }
    },
  };
}

try {
  await main(loadNodeSettings());
} catch (error) {
  process.stderr.write(
    `${error instanceof SettingsError ? error.message : String(error instanceof Error ? error.stack : error)}\n`,
  );
  process.exit(1);
}
