/** Two companies with a connection between their projects TEST, and one PostgreSQL server with a database for each. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedPostgres } from '../../scripts/lib/embedded-postgres.ts';
import { initiateConnection } from '../../src/services/connection/initiate-connection.ts';
import { acceptInvitation } from '../../src/services/invitation/accept-invitation.ts';
import { invitationCode } from '../../src/services/invitation/invitation-code.ts';
import { waitFor } from '../../tests/support/wait-for.ts';
import { startCompany } from './company.ts';
import type { Company } from './company.ts';
import { attachmentLimitBytes, fileBytes } from './scale.ts';
import { startMeter } from './usage.ts';
import type { Meter } from './usage.ts';

export interface World {
  readonly a: Company;
  readonly b: Company;
  readonly projectIds: { a: string; b: string };
  /** Delay of every answer of both Jiras. */
  setLatency(ms: number): Promise<void>;
  /** Whether the Jiras' webhooks reach the nodes. */
  setWebhooks(on: boolean): Promise<void>;
  /** Waits until no lane has anything left to do on either node. */
  quiet(timeoutMs?: number): Promise<void>;
  meter(): Meter;
  stop(): Promise<void>;
}

/** The same with the two companies' parts exchanged. */
export function reversed(world: World): World {
  const { a, b, projectIds } = world;
  return { ...world, a: b, b: a, projectIds: { a: projectIds.b, b: projectIds.a } };
}

export async function startWorld(options: {
  pollSeconds: number;
  profile: string | null;
  /** Whether company B's node is a private one. */
  privateB: boolean;
}): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'exalate-bench-'));
  const ends: Array<() => Promise<void>> = [() => rm(folder, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (let end = ends.pop(); end !== undefined; end = ends.pop()) await end();
  };
  try {
    const postgres = await startEmbeddedPostgres({
      dataDir: folder,
      settings: { max_connections: '200' },
    });
    ends.push(() => postgres.stop());
    const { pollSeconds, profile, privateB } = options;
    const start = async (name: string, isPrivate: boolean): Promise<Company> => {
      const company = await startCompany({ name, postgres, folder, pollSeconds, profile, isPrivate });
      ends.push(() => company.stop());
      return company;
    };
    const [a, b] = await Promise.all([start('Company A', false), start('Company B', privateB)]);
    const projectIds = await connect(a, b);
    for (const { control } of [a, b]) await control.configure({ attachmentLimitBytes, discardUploadsAbove: fileBytes });
    await Promise.all([a.work(), b.work()]);
    return { ...handles(a, b, await serverPid(folder)), a, b, projectIds, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function handles(
  a: Company,
  b: Company,
  postgresPid: number,
): Pick<World, 'setLatency' | 'setWebhooks' | 'quiet' | 'meter'> {
  return {
    async setLatency(ms) {
      for (const { control } of [a, b]) {
        for (const { id } of await control.faults()) await control.removeFault({ id });
        if (ms > 0) await control.addFault({ kind: 'latency', ms });
      }
    },
    async setWebhooks(on) {
      for (const { control } of [a, b]) await control.setWebhookFaults(on ? {} : { lost: 1 });
    },
    quiet: (timeoutMs = 120_000) =>
      waitFor('both nodes to be quiet', async () => (await busy(a)) + (await busy(b)) === 0, {
        timeoutMs,
        everyMs: 100,
      }).then(() => undefined),
    meter: () =>
      startMeter([...a.processes(), ...b.processes(), { name: 'PostgreSQL', pid: postgresPid, family: true }]),
  };
}

async function busy({ ctx }: Company): Promise<number> {
  const rows = await ctx.db.$queryRaw<{ busy: number }[]>`
    SELECT ((SELECT count(*) FROM twin WHERE "wakeAt" IS NOT NULL) + (SELECT count(*) FROM twin WHERE "leaseUntil" IS NOT NULL)
      + (SELECT count(*) FROM sync_event) + (SELECT count(*) FROM sync_request))::int AS busy`;
  return rows[0]?.busy ?? 0;
}

async function connect(a: Company, b: Company): Promise<{ a: string; b: string }> {
  const project = async (company: Company): Promise<string> => {
    const projects = await company.ctx.jira().projects();
    return projects.find(({ key }) => key === 'TEST')?.id ?? '';
  };
  const projectIds = { a: await project(a), b: await project(b) };
  const { connectionId } = await initiateConnection(a.ctx, {
    draftId: randomUUID(),
    destinationUrl: null,
    mode: 'BASIC',
    projectId: projectIds.a,
  });
  const { code } = await invitationCode(a.ctx, { connectionId });
  const accepted = await acceptInvitation(b.ctx, { draftId: randomUUID(), code, projectId: projectIds.b });
  a.connectionId = connectionId;
  b.connectionId = accepted.connectionId;
  return projectIds;
}

async function serverPid(folder: string): Promise<number> {
  const text = await readFile(join(folder, 'postgres', 'cluster', 'postmaster.pid'), 'utf8').catch(() => '0');
  return Number(text.split('\n')[0]);
}
