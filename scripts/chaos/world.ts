/** The world of a chaos run: one PostgreSQL, two companies with nodes of real processes, connections between their projects. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { migrate } from '../../src/db/migrate.ts';
import { initiateConnection } from '../../src/services/connection/initiate-connection.ts';
import { acceptInvitation } from '../../src/services/invitation/accept-invitation.ts';
import { invitationCode } from '../../src/services/invitation/invitation-code.ts';
import { createDatabase, startEmbeddedPostgres } from '../lib/embedded-postgres.ts';
import { startChaosCompany } from './company.ts';
import type { ChaosCompany } from './company.ts';

export interface World {
  readonly a: ChaosCompany;
  readonly b: ChaosCompany;
  /** Of the embedded PostgreSQL. */
  readonly dataDir: string;
}

/** Starts everything, and stops and removes it after `run`, however that ends. */
export async function inWorld<Result>(
  options: { workers: number; logFile: string },
  run: (world: World) => Promise<Result>,
): Promise<Result> {
  const dataDir = await mkdtemp(join(tmpdir(), 'exalate-chaos-'));
  const postgres = await startEmbeddedPostgres({ dataDir, settings: { max_connections: '200' } });
  const companies: ChaosCompany[] = [];
  const company = async (name: string): Promise<ChaosCompany> => {
    const database = `chaos_${name.toLowerCase()}`;
    await createDatabase(postgres.urlOf('postgres'), database);
    await migrate(postgres.urlOf(database));
    const started = await startChaosCompany(name, postgres.urlOf(database), options);
    companies.push(started);
    return started;
  };
  try {
    return await run({ a: await company('A'), b: await company('B'), dataDir });
  } finally {
    await Promise.all(companies.map((one) => one.stop()));
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

export interface Connected {
  /** Ids of the two ends. */
  a: string;
  b: string;
}

/** An active connection: A invites, B accepts. */
export async function connect({ a, b }: World, projects = { a: 'TEST', b: 'TEST' }): Promise<Connected> {
  const projectId = async ({ ctx }: ChaosCompany, wanted: string): Promise<string> =>
    (await ctx.jira().projects()).find(({ key }) => key === wanted)?.id ?? '';
  const { connectionId } = await initiateConnection(a.ctx, {
    draftId: randomUUID(),
    destinationUrl: null,
    mode: 'BASIC',
    projectId: await projectId(a, projects.a),
  });
  const { code } = await invitationCode(a.ctx, { connectionId });
  const theirs = await projectId(b, projects.b);
  const draftId = randomUUID();
  const accepted = await insist(() => acceptInvitation(b.ctx, { draftId, code, projectId: theirs }));
  return { a: connectionId, b: accepted.connectionId };
}

/** An admin who tries again until it works. */
export async function insist<Result>(act: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await act();
    } catch (error) {
      if (attempt >= 120) throw error;
      await delay(500);
    }
  }
}
