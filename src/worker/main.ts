/** The worker process: takes lanes as they become due, polls the own Jira, and keeps house. Any number may run. */
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { migrate } from '#/db/migrate.ts';
import { composeNode } from '#/composition.ts';
import { loadNodeSettings, SettingsError } from '#/env.ts';
import type { NodeSettings } from '#/env.ts';
import { isAttached } from '#/services/setup/attached.ts';
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

  // Until the set-up page has given it a Jira, the worker looks for one, and begins anew when it is there.
  while (!current.hasJira) {
    await sleep(setUpLookMs);
    if (ending) return;
    if (!(await current.attached())) continue;
    await current.stop();
    if (ending) return;
    current = await run(settings);
  }
}

const setUpLookMs = 1_000;

interface Running {
  hasJira: boolean;
  /** Whether a Jira was given since the start. */
  attached(): Promise<boolean>;
  stop(): Promise<void>;
}

async function run(settings: NodeSettings): Promise<Running> {
  const node = await composeNode(settings, 'worker');
  const owner = `${hostname()}-${process.pid}-${node.ctx.ids.uuid().slice(0, 8)}`;
  const worker = await startWorker(node, { owner, pollIntervalSeconds: settings.pollIntervalSeconds });
  node.logger.info({ owner }, 'worker ready');

  return {
    hasJira: node.jiraUrl !== null,
    attached: () => isAttached(node.ctx.db).catch(() => false),
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
