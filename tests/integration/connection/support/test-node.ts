/** A node as other nodes see it: real database, real HTTP in both directions, a simulated Jira; only the clock is set by hand. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream as WebStream } from 'node:stream/web';
import { createDb } from '#/db/client.ts';
import { createJira } from '#/jira/index.ts';
import { deriveSecret } from '#/kernel/derive-secret.ts';
import { randomIds } from '#/kernel/ids.ts';
import { createSecretBox, newSecretBoxKey } from '#/kernel/secret-box.ts';
import { createAddressGuard } from '#/kernel/url-safety.ts';
import { createLogger } from '#/observability/logger.ts';
import { createPeerChannel } from '#/peer/peer-channel.ts';
import { nodeEndpoints, type NodeEndpoint } from '#/server/node-route.ts';
import { asActor, type PageTopic, type ServiceContext } from '#/services/context.ts';
import { startSimulator, type Simulator } from '../../../../simulator/index.ts';
import { cloneDatabase, dropDatabase } from '../../../support/database.ts';

export interface TestClock {
  now(): number;
  set(ms: number): void;
}

export interface TestNode {
  ctx: ServiceContext;
  /** The same context for a signed-in admin. */
  admin: ServiceContext;
  clock: TestClock;
  databaseUrl: string;
  encryptionKey: string;
  /** What pages and lanes were told. */
  told: { pages: PageTopic[]; twins: string[] };
  /** Lines of the log. */
  log: string[];
  /** What happens to the next requests, first come first served: `lose` carries it out and cuts the connection, `drop` only cuts. */
  faults: Array<'pass' | 'lose' | 'drop'>;
  jira: Simulator;
  projects: { first: string; second: string; closed: string };
  /** Requests that arrived, as `POST /path`. */
  requests: string[];
  stop(): Promise<void>;
}

export const START = Date.parse('2026-11-22T12:00:00Z');

/** Starts a node. `pollOnly` makes it a private one. */
export async function startTestNode(
  name: string,
  options: { pollOnly?: boolean; allowedHosts?: readonly string[] } = {},
): Promise<TestNode> {
  const url = await cloneDatabase();
  const jira = await startJira(name);
  const http = createServer();
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const exalateUrl = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;

  let time = START;
  const clock: TestClock = { now: () => time, set: (ms) => void (time = ms) };
  const log: string[] = [];
  const logger = createLogger({ level: 'debug', process: name, destination: { write: (line) => void log.push(line) } });
  const key = newSecretBoxKey();
  const tracker = createJira({
    baseUrl: jira.url,
    credentials: { kind: 'basic', username: 'admin', password: 'admin' },
    concurrency: 8,
  });
  const db = createDb(url, { maxConnections: 6 });
  const guard = options.allowedHosts && createAddressGuard({ allowedHosts: options.allowedHosts });
  const peer = createPeerChannel({ clock, ids: randomIds, logger, ...(guard && { guard }) });
  const told: TestNode['told'] = { pages: [], twins: [] };
  const ctx: ServiceContext = {
    actor: { kind: 'system', name: 'test' },
    db,
    node: { instanceUid: randomIds.uuid(), name, exalateUrl, version: '0.1.0', pollOnly: options.pollOnly ?? false },
    jira: () => tracker,
    peer,
    secrets: { ...createSecretBox(key), derive: (label) => deriveSecret(key, label) },
    wake: {
      twins: async (ids) => void told.twins.push(...ids),
      pages: async (topic) => void told.pages.push(topic),
    },
    clock,
    ids: randomIds,
    logger,
  };
  const faults: TestNode['faults'] = [];
  const requests: string[] = [];
  serve(http, ctx, { faults, requests });
  const projects = await tracker.projects();
  const idOf = (projectKey: string): string => projects.find((project) => project.key === projectKey)?.id ?? '';
  return {
    ctx,
    admin: asActor(ctx, { kind: 'admin', name: 'admin', displayName: 'Admin' }),
    clock,
    databaseUrl: url,
    encryptionKey: key,
    told,
    log,
    faults,
    jira,
    projects: { first: idOf('ONE'), second: idOf('TWO'), closed: idOf('SHUT') },
    requests,
    async stop() {
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
      await Promise.all([peer.close(), tracker.close(), jira.stop()]);
      await db.$disconnect();
      await dropDatabase(url);
    },
  };
}

async function startJira(name: string): Promise<Simulator> {
  const project = (key: string, title: string) => ({ key, name: title, issueTypes: ['Task', 'Bug'] });
  return startSimulator({
    serverTitle: `Jira of ${name}`,
    seed: {
      users: [{ name: 'admin', groups: ['jira-administrators'] }],
      projects: [
        project('ONE', `${name} One`),
        project('TWO', `${name} Two`),
        { ...project('SHUT', `${name} Shut`), grants: { CREATE_ISSUES: [] } },
      ],
    },
  });
}

const table: ReadonlyArray<readonly [RegExp, string, NodeEndpoint]> = [
  [/^\/api\/node\/v1\/info$/, 'GET', nodeEndpoints.info],
  [/^\/api\/node\/v1\/invitations\/peek$/, 'POST', nodeEndpoints.peek],
  [/^\/api\/node\/v1\/invitations\/accept$/, 'POST', nodeEndpoints.accept],
  [/^\/api\/node\/v1\/messages$/, 'POST', nodeEndpoints.messages],
  [/^\/api\/node\/v1\/connection$/, 'POST', nodeEndpoints.connection],
  [/^\/api\/node\/v1\/questions$/, 'POST', nodeEndpoints.questions],
  [/^\/api\/node\/v1\/attachments\/(?<twin>[^/]+)\/(?<trace>[^/]+)$/, 'GET', nodeEndpoints.attachment],
];

function serve(http: Server, ctx: ServiceContext, state: Pick<TestNode, 'faults' | 'requests'>): void {
  http.on('request', (incoming, outgoing) => {
    void (async () => {
      const url = new URL(incoming.url ?? '/', ctx.node.exalateUrl);
      state.requests.push(`${incoming.method} ${url.pathname}`);
      const [pattern, , endpoint] =
        table.find(([path, method]) => path.test(url.pathname) && method === incoming.method) ?? [];
      if (pattern === undefined || endpoint === undefined)
        return void outgoing.writeHead(404, { 'content-type': 'text/html' }).end('<html>');
      const headers = Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]);
      const request = new Request(url, {
        method: incoming.method ?? 'GET',
        headers: [...headers, ['x-forwarded-for', randomAddress()]],
        ...(incoming.method === 'POST' ? { body: Readable.toWeb(incoming) as ReadableStream, duplex: 'half' } : {}),
      } as RequestInit);
      const fault = state.faults.shift();
      if (fault === 'drop') return void incoming.socket.destroy();
      const answer = await endpoint(ctx, request, { ...pattern.exec(url.pathname)?.groups });
      if (fault === 'lose') return void incoming.socket.destroy();
      outgoing.writeHead(answer.status, Object.fromEntries(answer.headers));
      if (answer.body === null) return void outgoing.end();
      await pipeline(Readable.fromWeb(answer.body as WebStream), outgoing).catch(() => outgoing.destroy());
    })();
  });
}

let addresses = 0;
/** Tests share the limit per address of one process. */
function randomAddress(): string {
  return `10.0.${++addresses >> 8}.${addresses & 255}`;
}
