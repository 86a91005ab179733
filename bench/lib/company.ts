/** One company: a simulated Jira, a node's worker and its HTTP side as processes, and a hand on the node's services. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createDatabase } from '../../scripts/lib/embedded-postgres.ts';
import type { EmbeddedPostgres } from '../../scripts/lib/embedded-postgres.ts';
import { freePort } from '../../scripts/lib/free-port.ts';
import { inheritedEnvironment } from '../../scripts/lib/node-process.ts';
import { startOwned } from '../../scripts/lib/owned-process.ts';
import type { Environment, OwnedProcess } from '../../scripts/lib/owned-process.ts';
import { startService } from '../../scripts/lib/service-process.ts';
import type { ServiceProcess } from '../../scripts/lib/service-process.ts';
import { connectControl } from '../../simulator/control/client.ts';
import type { ControlApi } from '../../simulator/index.ts';
import { composeNode } from '../../src/composition.ts';
import type { ComposedNode } from '../../src/composition.ts';
import { migrate } from '../../src/db/migrate.ts';
import { loadNodeSettings } from '../../src/env.ts';
import { asActor } from '../../src/services/context.ts';
import type { ServiceContext } from '../../src/services/context.ts';
import { parallelism } from './scale.ts';
import type { Metered } from './usage.ts';
import { waitFor } from '../../tests/support/wait-for.ts';

export interface Company {
  readonly name: string;
  readonly jiraUrl: string;
  readonly control: ControlApi;
  /** Acts for a signed-in admin, in the benchmark's own process. */
  readonly ctx: ServiceContext;
  /** Of the connection between the two companies; set when it is made. */
  connectionId: string;
  /** Starts the worker and waits until it is ready. */
  work(): Promise<void>;
  processes(): Metered[];
  stop(): Promise<void>;
}

export async function startCompany(options: {
  name: string;
  postgres: EmbeddedPostgres;
  folder: string;
  pollSeconds: number;
  /** Only ever calls out (POLL_ONLY). */
  isPrivate: boolean;
  /** Where the nodes' processes leave CPU profiles. */
  profile: string | null;
}): Promise<Company> {
  const { name, postgres, folder, pollSeconds, isPrivate, profile } = options;
  const slug = name.toLowerCase().replaceAll(' ', '-');
  const log = (what: string): string => join(folder, `${slug}-${what}.log`);
  await createDatabase(postgres.urlOf('postgres'), slug);
  const databaseUrl = postgres.urlOf(slug);
  await migrate(databaseUrl);

  const [jiraPort, webPort] = [await freePort(), await freePort()];
  const jiraUrl = `http://127.0.0.1:${jiraPort}`;
  const jira = await startService({
    name: `Jira of ${name}`,
    script: 'simulator/main.ts',
    args: ['--port', String(jiraPort), '--seed', 'empty', '--title', `Jira of ${name}`],
    env: inheritedEnvironment(),
    logFile: log('jira'),
    readyUrl: `${jiraUrl}/status`,
    timeoutMs: 30_000,
  });
  const settings = nodeSettings({ name, databaseUrl, jiraUrl, port: webPort, pollSeconds, isPrivate });
  const env = { ...inheritedEnvironment(), ...settings, ...profiling(profile) };
  const web = await startService({
    name: `HTTP side of ${name}`,
    script: 'bench/lib/web-side.ts',
    env,
    logFile: log('web'),
    readyUrl: `http://127.0.0.1:${webPort}/api/health`,
    timeoutMs: 30_000,
  });
  await Promise.all([jira.ready(), web.ready()]);
  const node = await composeNode(loadNodeSettings(settings), 'web');
  let worker: OwnedProcess | null = null;

  return {
    name,
    jiraUrl,
    control: connectControl(`${jiraUrl}/__simulator`),
    ctx: asActor(node.ctx, { kind: 'admin', name: 'admin', displayName: 'Admin' }),
    connectionId: '',
    async work() {
      worker = startOwned({ script: 'src/worker/main.ts', env, logFile: log('worker') });
      await workerReady(node, worker);
    },
    processes: () =>
      [
        { name: `worker ${name.at(-1)}`, pid: worker?.pid },
        { name: `web ${name.at(-1)}`, pid: web.pid },
        { name: `Jira ${name.at(-1)}`, pid: jira.pid },
      ].filter((one): one is Metered => one.pid !== undefined),
    stop: () => stopAll(node, [worker, web, jira]),
  };
}

function nodeSettings(node: {
  name: string;
  databaseUrl: string;
  jiraUrl: string;
  port: number;
  pollSeconds: number;
  isPrivate: boolean;
}): Environment {
  return {
    PORT: String(node.port),
    EXALATE_URL: `http://127.0.0.1:${node.port}`,
    NODE_NAME: node.name,
    JIRA_URL: node.jiraUrl,
    JIRA_USERNAME: 'admin',
    JIRA_PASSWORD: 'admin',
    JIRA_CONCURRENCY: String(parallelism),
    POLL_INTERVAL_SECONDS: String(node.pollSeconds),
    DATABASE_URL: node.databaseUrl,
    ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
    NEXTAUTH_SECRET: randomUUID() + randomUUID(),
    ALLOWED_HOSTS: '127.0.0.1',
    POLL_ONLY: String(node.isPrivate),
    LOG_LEVEL: 'warn',
  };
}

function profiling(folder: string | null): Environment {
  return folder === null ? {} : { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${folder}` };
}

/** It shows itself in the database, and its webhook is in place. */
async function workerReady({ ctx }: ComposedNode, worker: OwnedProcess): Promise<void> {
  await waitFor(
    'the worker to be ready',
    async () => {
      if (!worker.running) throw new Error(`The worker ${await worker.ended}.`);
      const rows = await ctx.db.$queryRaw<{ ready: boolean }[]>`
        SELECT EXISTS (SELECT 1 FROM worker_beat) 
          AND EXISTS (SELECT 1 FROM node WHERE "webhookState" = 'registered')
          AND NOT EXISTS (SELECT 1 FROM connection WHERE hold IS NOT NULL) AS ready`;
      return rows[0]?.ready;
    },
    { timeoutMs: 30_000, everyMs: 50 },
  );
}

async function stopAll(
  node: ComposedNode,
  processes: readonly (OwnedProcess | ServiceProcess | null)[],
): Promise<void> {
  for (const one of processes) await one?.stop();
  await node.close();
}
