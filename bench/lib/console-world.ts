/** A node with very many issues: its console as `npm run web` starts it, on a seeded database, and a simulated Jira. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuild } from '../../scripts/lib/build.ts';
import { startEmbeddedPostgres } from '../../scripts/lib/embedded-postgres.ts';
import { freePort } from '../../scripts/lib/free-port.ts';
import { inheritedEnvironment } from '../../scripts/lib/node-process.ts';
import { startOwned } from '../../scripts/lib/owned-process.ts';
import type { OwnedProcess } from '../../scripts/lib/owned-process.ts';
import { seedScale } from '../../scripts/lib/seed/seed-scale.ts';
import { startService } from '../../scripts/lib/service-process.ts';
import { composeNode } from '../../src/composition.ts';
import { migrate } from '../../src/db/migrate.ts';
import { loadNodeSettings } from '../../src/env.ts';
import { asActor } from '../../src/services/context.ts';
import type { ServiceContext } from '../../src/services/context.ts';
import { waitFor } from '../../tests/support/wait-for.ts';
import type { Metered } from './usage.ts';

export interface ConsoleWorld {
  /** Of the console. */
  readonly url: string;
  readonly syncToken: string;
  /** Header of a signed-in administrator. */
  readonly cookie: string;
  /** The node's services in the benchmark's own process, as a worker has them. */
  readonly ctx: ServiceContext;
  /** Starts a worker and waits until it has shown itself. */
  work(): Promise<OwnedProcess>;
  processes(): Metered[];
  stop(): Promise<void>;
}

export async function startConsoleWorld(twins: number): Promise<ConsoleWorld> {
  await ensureBuild({ onBuild: () => console.log('Building the console ...') });
  const folder = await mkdtemp(join(tmpdir(), 'exalate-console-'));
  const ends: Array<() => Promise<unknown>> = [() => rm(folder, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (let end = ends.pop(); end !== undefined; end = ends.pop()) await end();
  };
  try {
    const postgres = await startEmbeddedPostgres({ dataDir: folder });
    ends.push(() => postgres.stop());
    const [jiraPort, port] = [await freePort(), await freePort()];
    const url = `http://127.0.0.1:${port}`;
    await migrate(postgres.url);
    await seedScale({ databaseUrl: postgres.url, twins, exalateUrl: url });
    const jiraUrl = `http://127.0.0.1:${jiraPort}`;
    const jira = await startService({
      name: 'Jira',
      script: 'simulator/main.ts',
      args: ['--port', String(jiraPort), '--seed', 'company-a', '--title', 'Jira'],
      env: inheritedEnvironment(),
      logFile: join(folder, 'jira.log'),
      readyUrl: `${jiraUrl}/status`,
      timeoutMs: 30_000,
    });
    ends.push(() => jira.stop());
    await jira.ready();
    const syncToken = randomUUID();
    const settings = {
      PORT: String(port),
      EXALATE_URL: url,
      NODE_NAME: 'At scale',
      JIRA_URL: jiraUrl,
      JIRA_USERNAME: 'admin',
      JIRA_PASSWORD: 'admin',
      DATABASE_URL: postgres.url,
      ENCRYPTION_KEY: Buffer.alloc(32, 7).toString('base64'),
      NEXTAUTH_SECRET: randomUUID() + randomUUID(),
      SYNC_TOKEN: syncToken,
      ALLOWED_HOSTS: '127.0.0.1',
      LOG_LEVEL: 'warn',
    };
    const env = { ...inheritedEnvironment(), ...settings };
    const web = await startService({
      name: 'The console',
      script: 'scripts/web.ts',
      env,
      logFile: join(folder, 'web.log'),
      readyUrl: `${url}/login`,
      timeoutMs: 120_000,
    });
    ends.push(() => web.stop());
    await web.ready();
    const node = await composeNode(loadNodeSettings(settings), 'worker');
    ends.push(() => node.close());
    const postgresPid = Number(
      (await readFile(join(folder, 'postgres/cluster/postmaster.pid'), 'utf8')).split('\n')[0],
    );
    let worker: OwnedProcess | null = null;
    return {
      url,
      syncToken,
      cookie: await signIn(url),
      ctx: asActor(node.ctx, { kind: 'admin', name: 'admin', displayName: 'Admin' }),
      async work() {
        const started = startOwned({ script: 'src/worker/main.ts', env, logFile: join(folder, 'worker.log') });
        ends.push(() => started.stop());
        worker = started;
        await waitFor('the worker to be ready', async () => (await node.ctx.db.workerBeat.count()) > 0, {
          timeoutMs: 30_000,
        });
        return started;
      },
      processes: () => [
        ...(web.pid === undefined ? [] : [{ name: 'web', pid: web.pid }]),
        ...(worker?.pid === undefined ? [] : [{ name: 'worker', pid: worker.pid }]),
        { name: 'PostgreSQL', pid: postgresPid, family: true },
      ],
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** As a browser does with next-auth: its token first, then the form. */
async function signIn(url: string): Promise<string> {
  const csrf = await fetch(`${url}/api/auth/csrf`);
  const { csrfToken } = (await csrf.json()) as { csrfToken: string };
  const answer = await fetch(`${url}/api/auth/callback/jira`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: cookiesOf(csrf), origin: url, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ csrfToken, username: 'admin', password: 'admin', json: 'true' }),
  });
  const session = cookiesOf(answer);
  if (!session.includes('exalate-session'))
    throw new Error(`Could not sign in: ${answer.status} ${await answer.text()}`);
  return session;
}

function cookiesOf(answer: Response): string {
  return answer.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0] ?? '')
    .join('; ');
}
