/** Two companies: two simulated Jiras, two nodes, one connection between their projects TEST. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll } from 'vitest';
import type { ServiceContext } from '#/services/context.ts';
import { initiateConnection } from '#/services/connection/initiate-connection.ts';
import { acceptInvitation } from '#/services/invitation/accept-invitation.ts';
import { invitationCode } from '#/services/invitation/invitation-code.ts';
import { exalateIssue } from '#/services/twin/exalate-issue.ts';
import { startSimulator } from '../../simulator/index.ts';
import type { Simulator, SimulatorOptions } from '../../simulator/index.ts';
import type { IssueDump } from '../../simulator/control/api.ts';
import { cloneDatabase, dropDatabase } from './database.ts';
import { startNode } from './node-under-test.ts';
import type { NodeOptions, NodeUnderTest } from './node-under-test.ts';
import { waitFor } from './wait-for.ts';

export interface Company {
  jira: Simulator;
  node: NodeUnderTest;
  ctx: ServiceContext;
  databaseUrl: string;
  connectionId: string;
  /** REST as a person, not as the proxy user. */
  rest: (method: string, path: string, body?: unknown) => Promise<{ status: number; json: unknown }>;
  issue: (key: string) => Promise<IssueDump>;
}

export interface Pair {
  a: Company;
  b: Company;
  /** Exalates the issue of A and waits until both sides say Synchronized; the key of the twin. */
  sync(key: string): Promise<string>;
  /** Waits until no lane has anything left to do on either node. */
  quiet(): Promise<void>;
}

export interface PairOptions {
  a?: SimulatorOptions;
  b?: SimulatorOptions;
  nodeA?: Partial<NodeOptions>;
  nodeB?: Partial<NodeOptions>;
}

/** Called at the top of a test file; `pair` is usable inside tests and hooks. Faults set by a test end with it. */
export function usePair(options: PairOptions = {}): Pair {
  let companies: { a: Company; b: Company } | null = null;
  const opened = (): { a: Company; b: Company } => {
    if (companies === null) throw new Error('The companies are there inside tests and hooks only.');
    return companies;
  };
  beforeAll(async () => {
    const a = await startCompany('Company A', options.a, options.nodeA);
    const b = await startCompany('Company B', options.b, options.nodeB);
    await connect(a, b);
    companies = { a, b };
  });
  afterEach(async () => {
    const { a, b } = opened();
    for (const { jira } of [a, b]) {
      await jira.control.clearFaults();
      await jira.control.setWebhookFaults({});
    }
  });
  afterAll(async () => {
    if (companies === null) return;
    for (const company of [companies.a, companies.b]) {
      await company.node.stop();
      await company.jira.stop();
      await dropDatabase(company.databaseUrl);
    }
  });
  return {
    get a() {
      return opened().a;
    },
    get b() {
      return opened().b;
    },
    sync: (key) => sync(opened(), key),
    quiet: () => quiet(opened()),
  };
}

async function startCompany(
  name: string,
  simulator: SimulatorOptions = {},
  node: Partial<NodeOptions> = {},
): Promise<Company> {
  const databaseUrl = await cloneDatabase();
  const jira = await startSimulator({ port: 0, seed: 'empty', ...simulator });
  const started = await startNode({ databaseUrl, jiraUrl: jira.url, name, ...node });
  return {
    jira,
    node: started,
    ctx: started.ctx,
    databaseUrl,
    connectionId: '',
    rest: (method, path, body) => rest(jira.url, method, path, body),
    issue: (key) => issueOf(jira, key),
  };
}

async function connect(a: Company, b: Company): Promise<void> {
  const project = async (company: Company): Promise<string> => {
    const projects = await company.ctx.jira().projects();
    return projects.find(({ key }) => key === 'TEST')?.id ?? '';
  };
  const { connectionId } = await initiateConnection(a.ctx, {
    draftId: randomUUID(),
    destinationUrl: null,
    mode: 'BASIC',
    projectId: await project(a),
  });
  const { code } = await invitationCode(a.ctx, { connectionId });
  const accepted = await acceptInvitation(b.ctx, { draftId: randomUUID(), code, projectId: await project(b) });
  a.connectionId = connectionId;
  b.connectionId = accepted.connectionId;
}

async function sync({ a, b }: { a: Company; b: Company }, key: string): Promise<string> {
  const started = await exalateIssue(a.ctx, { connectionId: a.connectionId, issueKey: key });
  if (started.kind !== 'started') throw new Error(`${key} was not exalated: ${started.kind}`);
  const twin = await waitFor(`${key} to be synchronized`, async () => {
    const row = await a.ctx.db.twin.findUniqueOrThrow({ where: { id: started.twinId } });
    if (row.status === 'error')
      throw new Error(`${key} is in error: ${row.errorCode ?? JSON.stringify(row.remoteProgress)}`);
    return row.status === 'synchronized' ? row : null;
  });
  await quiet({ a, b });
  if (twin.remoteIssueKey === null) throw new Error(`${key} has no twin.`);
  return twin.remoteIssueKey;
}

async function quiet({ a, b }: { a: Company; b: Company }): Promise<void> {
  await waitFor('both nodes to be quiet', async () => {
    for (const { ctx } of [a, b]) {
      const busy = await ctx.db.twin.count({
        where: { OR: [{ wakeAt: { not: null } }, { leaseUntil: { not: null } }, { hintedAt: { not: null } }] },
      });
      const queued = (await ctx.db.syncEvent.count()) + (await ctx.db.syncRequest.count());
      if (busy + queued > 0) return false;
    }
    return true;
  });
}

async function rest(
  baseUrl: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; json: unknown }> {
  const response = await fetch(`${baseUrl}/rest/api/2${path}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from('jane:jane').toString('base64')}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const json: unknown = text === '' ? null : JSON.parse(text);
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text.slice(0, 300)}`);
  return { status: response.status, json };
}

async function issueOf(jira: Simulator, key: string): Promise<IssueDump> {
  const found = (await jira.control.dump()).find((issue) => issue.key === key);
  if (found === undefined) throw new Error(`${key} is not in ${jira.url}`);
  return found;
}
