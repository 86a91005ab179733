/**
 * A whole node in this process: real database, real Jira adapter, real signed HTTP to its partner, its worker. Only Next is
 * missing; its route handlers are one line each, and the endpoints behind them are served here as they are.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { composeNode } from '#/composition.ts';
import type { ComposedNode } from '#/composition.ts';
import { createJira } from '#/jira/index.ts';
import type { JiraOptions } from '#/jira/index.ts';
import type { SyncTuning } from '#/services/sync/tuning.ts';
import { loadNodeSettings } from '#/env.ts';
import type { NodeSettings } from '#/env.ts';
import { nodeEndpoints } from '#/server/node-route.ts';
import type { NodeEndpoint } from '#/server/node-route.ts';
import { asActor } from '#/services/context.ts';
import type { ServiceContext } from '#/services/context.ts';
import { issueOfWebhook } from '#/services/node/issue-of-webhook.ts';
import { hintIssues } from '#/services/sync/hints.ts';
import { webhookSecret } from '#/services/node/ensure-webhook.ts';
import { startWorker } from '#/worker/worker.ts';
import type { Worker } from '#/worker/worker.ts';

export interface NodeOptions {
  databaseUrl: string;
  jiraUrl: string;
  name: string;
  username?: string;
  password?: string;
  /** No worker: the test runs lanes and passes itself. */
  worker?: boolean;
  pollIntervalSeconds?: number;
  /** A private node: whoever tries to reach it finds its port closed. */
  pollOnly?: boolean;
  /** Any free port unless given; a node that is started again must keep its own. */
  port?: number;
  /** Further settings by their names. */
  settings?: Record<string, string>;
  /** Shorter times and crash points for sync. */
  sync?: Partial<SyncTuning>;
  /** Changes to the Jira adapter, such as a shorter time until refused credentials are tried again. */
  jira?: Partial<JiraOptions>;
}

export interface NodeUnderTest {
  readonly url: string;
  /** Requests of other nodes that a private node met with a closed port. */
  readonly refused: readonly string[];
  /** Acts for a signed-in admin. */
  readonly ctx: ServiceContext;
  readonly node: ComposedNode;
  stop(): Promise<void>;
}

const key = Buffer.alloc(32, 7).toString('base64');

/** The settings of such a node, also for processes of the same node that run beside it. */
export function nodeEnvironment(options: NodeOptions, url: string): Record<string, string> {
  return {
    EXALATE_URL: url,
    NODE_NAME: options.name,
    JIRA_URL: options.jiraUrl,
    JIRA_USERNAME: options.username ?? 'admin',
    JIRA_PASSWORD: options.password ?? 'admin',
    DATABASE_URL: options.databaseUrl,
    ENCRYPTION_KEY: key,
    NEXTAUTH_SECRET: 'x'.repeat(40),
    SYNC_TOKEN: 'sync-token-for-tests',
    ALLOWED_HOSTS: '127.0.0.1',
    POLL_ONLY: String(options.pollOnly ?? false),
    LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
    ...options.settings,
  };
}

export async function startNode(options: NodeOptions): Promise<NodeUnderTest> {
  let handle: (request: IncomingMessage, response: ServerResponse) => void = (_request, response) => response.end();
  const server = createServer((request, response) => handle(request, response));
  const port = await listen(server, options.port ?? 0);
  const url = `http://127.0.0.1:${port}`;
  const settings = loadNodeSettings(nodeEnvironment(options, url));
  const node = adjusted(await composeNode(settings, 'worker'), settings, options);
  const admin = asActor(node.ctx, { kind: 'admin', name: 'admin', displayName: 'Admin' });
  const refused: string[] = [];
  handle = (request, response) => {
    if (options.pollOnly === true && !request.url?.startsWith('/api/jira/')) {
      refused.push(`${request.method} ${request.url}`);
      request.socket.destroy();
      return;
    }
    // Whoever asked is gone, or sees the answer break off.
    serve(node.ctx, url, request, response).catch(() => response.destroy());
  };
  const worker: Worker | null =
    options.worker === false
      ? null
      : await startWorker(node, { owner: options.name, pollIntervalSeconds: options.pollIntervalSeconds ?? 1 });
  return {
    url,
    refused,
    ctx: admin,
    node,
    async stop() {
      await worker?.stop();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await node.close();
    },
  };
}

async function serve(
  ctx: ServiceContext,
  origin: string,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(incoming.url ?? '/', origin);
  const route = routeOf(incoming.method, url.pathname);
  const request = new Request(url, {
    method: incoming.method ?? 'GET',
    headers: new Headers(Object.entries(incoming.headers).map(([name, value]) => [name, String(value)])),
    ...(incoming.method === 'GET'
      ? {}
      : { body: Readable.toWeb(incoming) as unknown as ReadableStream<Uint8Array>, duplex: 'half' }),
  } as RequestInit);
  const answer =
    route === null ? await webhook(ctx, url.pathname, request) : await route.endpoint(ctx, request, route.params);
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  if (answer.body === null) response.end();
  else await pipeline(Readable.fromWeb(answer.body as unknown as ReadableStream<Uint8Array>), response);
}

function routeOf(
  method: string | undefined,
  pathname: string,
): { endpoint: NodeEndpoint; params: Record<string, string> } | null {
  const path = pathname.replace('/api/node/v1/', '');
  const [, twin, trace] = path.match(/^attachments\/([^/]+)\/([^/]+)$/) ?? [];
  if (twin !== undefined && trace !== undefined)
    return {
      endpoint: method === 'PUT' ? nodeEndpoints.pushAttachment : nodeEndpoints.attachment,
      params: { twin, trace },
    };
  const endpoints: Record<string, NodeEndpoint> = {
    info: nodeEndpoints.info,
    'invitations/peek': nodeEndpoints.peek,
    'invitations/accept': nodeEndpoints.accept,
    messages: nodeEndpoints.messages,
    connection: nodeEndpoints.connection,
    poll: nodeEndpoints.poll,
    questions: nodeEndpoints.questions,
  };
  const endpoint = endpoints[path];
  return endpoint === undefined ? null : { endpoint, params: {} };
}

async function webhook(ctx: ServiceContext, pathname: string, request: Request): Promise<Response> {
  if (pathname !== `/api/jira/webhook/${webhookSecret(ctx)}`) return new Response(null, { status: 404 });
  const issueId = issueOfWebhook(await request.text());
  if (issueId !== null) await hintIssues(ctx, [issueId]);
  return new Response(null, { status: 204 });
}

/** The node as composed for production, but for the times and the Jira adapter of this test. */
function adjusted(node: ComposedNode, settings: NodeSettings, { sync, jira }: NodeOptions): ComposedNode {
  const ctx = { ...node.ctx, ...(sync === undefined ? {} : { sync }) };
  if (jira === undefined || settings.jira === null) return { ...node, ctx };
  const tracker = createJira({ ...settings.jira, concurrency: settings.jiraConcurrency, logger: node.logger, ...jira });
  return {
    ...node,
    ctx: { ...ctx, jira: () => tracker },
    close: () => tracker.close().then(() => node.close()),
  };
}

async function listen(server: Server, wanted: number): Promise<number> {
  await new Promise<void>((resolve) => server.listen(wanted, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
