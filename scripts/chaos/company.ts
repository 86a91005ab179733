/** One company of the chaos run: a simulated Jira in this process, and a node of killable processes beside it. */
import { connect } from 'node:net';
import { createJira } from '../../src/jira/index.ts';
import { composeNode } from '../../src/composition.ts';
import type { ComposedNode } from '../../src/composition.ts';
import { loadNodeSettings } from '../../src/env.ts';
import { asActor } from '../../src/services/context.ts';
import type { ServiceContext } from '../../src/services/context.ts';
import { startSimulator } from '../../simulator/index.ts';
import type { Simulator } from '../../simulator/index.ts';
import type { Hands } from '../../tests/support/load.ts';
import { nodeEnvironment } from '../../tests/support/node-under-test.ts';
import { freePort } from '../lib/free-port.ts';
import { startOwned } from '../lib/owned-process.ts';
import type { OwnedProcess } from '../lib/owned-process.ts';

export interface ChaosCompany {
  readonly name: string;
  readonly url: string;
  readonly jira: Simulator;
  /** An admin of the node, in this process: it is never killed, but its database may be. */
  readonly ctx: ServiceContext;
  /** `web` and the workers; what dies is started again within a second or two. */
  readonly processes: Map<string, OwnedProcess>;
  start(): void;
  /** Roles whose processes take work now; none while the database is away. */
  ready(): Promise<ReadonlySet<string>>;
  hands(user: string): Hands;
  stop(): Promise<void>;
}

/** `logFile` takes what the processes print: with killed databases that is a lot. */
export async function startChaosCompany(
  name: string,
  databaseUrl: string,
  { workers, logFile }: { workers: number; logFile: string },
): Promise<ChaosCompany> {
  const jira = await startSimulator({ port: 0, seed: 'empty' });
  await jira.control.createUser({ name: 'bob', displayName: 'Bob [B] *Builder*' });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const environment = {
    PATH: process.env['PATH'],
    ...nodeEnvironment({ name, databaseUrl, jiraUrl: jira.url }, url),
    LOG_LEVEL: 'warn',
    POLL_INTERVAL_SECONDS: '2',
    CHAOS_PORT: String(port),
  };
  const node: ComposedNode = await composeNode(loadNodeSettings({ ...environment, LOG_LEVEL: 'silent' }), 'web');
  const scripts = new Map<string, string>([['web', 'scripts/chaos/node.ts']]);
  for (let n = 1; n <= workers; n += 1) scripts.set(`worker ${n}`, 'src/worker/main.ts');
  const processes = new Map<string, OwnedProcess>();
  // Its own adapter, with which the admin's actions are not held up by what the workers meet.
  const tracker = createJira({
    baseUrl: jira.url,
    credentials: { kind: 'basic', username: 'admin', password: 'admin' },
    concurrency: 4,
  });

  let supervisor: NodeJS.Timeout | null = null;
  const startMissing = (): void => {
    for (const [role, script] of scripts) {
      if (processes.get(role)?.running !== true) processes.set(role, startOwned({ script, env: environment, logFile }));
    }
  };

  return {
    name,
    url,
    jira,
    ctx: { ...asActor(node.ctx, { kind: 'admin', name: 'admin', displayName: 'Admin' }), jira: () => tracker },
    processes,
    start() {
      startMissing();
      supervisor ??= setInterval(startMissing, 1_500);
    },
    async ready() {
      const beats = await node.ctx.db.workerBeat.findMany({ select: { owner: true } }).catch(() => []);
      const roles = new Set<string>();
      for (const [role, { pid }] of processes) {
        if (role === 'web' ? await answers(port) : beats.some(({ owner }) => owner.includes(`-${pid}-`)))
          roles.add(role);
      }
      return roles;
    },
    hands: (user) => ({
      name: `${user} in ${name}`,
      rest: (method, path, body) => restAs(user, jira.url, method, path, body),
      attach: (key, filename, bytes, seed) => jira.control.createAttachment({ key, user, filename, bytes, seed }),
    }),
    async stop() {
      if (supervisor !== null) clearInterval(supervisor);
      await Promise.all([...processes.values()].map((each) => each.stop(5_000)));
      await tracker.close();
      await node.close();
      await jira.stop();
    },
  };
}

async function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}

async function restAs(
  user: string,
  baseUrl: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; json: unknown }> {
  const response = await fetch(`${baseUrl}/rest/api/2${path}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${user}:${user}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path} as ${user}: ${response.status} ${text.slice(0, 300)}`);
  return { status: response.status, json: text === '' ? null : JSON.parse(text) };
}
