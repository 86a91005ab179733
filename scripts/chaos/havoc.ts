/** What goes wrong in a chaos run, chosen by its seed, and how it is put right again. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { FaultProxy, Toxic } from '../../tests/support/fault-proxy.ts';
import { htmlPage } from '../../tests/support/fault-proxy.ts';
import { loseAnswers } from '../../tests/support/lose-answers.ts';
import type { Random } from '../../tests/support/random.ts';
import type { FaultEffect } from '../../simulator/index.ts';
import type { OwnedProcess } from '../lib/owned-process.ts';
import { postgresServer } from '../lib/postgres-server.ts';
import type { ChaosCompany } from './company.ts';

/** How often something goes wrong: milliseconds between two strikes, and which part of them are kills. */
export interface Pace {
  betweenMs: readonly [from: number, to: number];
  kills: number;
}

export const paces = {
  usual: { betweenMs: [300, 2_800], kills: 0.5 },
  fast: { betweenMs: [400, 1_400], kills: 0.75 },
} satisfies Record<string, Pace>;

export interface Havoc {
  /** Killed processes by what they were; `starting` were killed before they were ready for work. */
  readonly kills: Record<string, number>;
  /** Everything else by its kind. */
  readonly faults: Record<string, number>;
  /** The faults that last for the whole run, and strikes until the end. */
  begin(): Promise<void>;
  /** No more strikes, and webhooks and partners do their duty; every fifth write goes on losing its answer. */
  end(): Promise<void>;
}

const outages: readonly FaultEffect[] = [
  { kind: 'cutBefore' },
  { kind: 'loginPage' },
  { kind: 'unavailable' },
  { kind: 'tooManyRequests', retryAfterSeconds: 1 },
  { kind: 'performThenHang' },
  { kind: 'latency', ms: 300, jitterMs: 1_500 },
];

const toxics: readonly Toxic[] = [
  { kind: 'lostReply' },
  { kind: 'doubled' },
  { kind: 'reset' },
  { kind: 'truncate' },
  { kind: 'latency', ms: 50, jitterMs: 1_000 },
  { kind: 'respond', status: 503 },
  htmlPage,
];

/** Longer than the lease of a lane (20 s), so that another worker has taken it when this one goes on. */
const pauseMs = 25_000;
/** Of ten kills one may hit a process that is still starting. */
const killAnyProcess = 0.1;

export function createHavoc(
  world: {
    companies: readonly ChaosCompany[];
    proxies: readonly FaultProxy[];
    dataDir: string;
    killPostgres: boolean;
    pace: Pace;
  },
  random: Random,
): Havoc {
  const kills: Record<string, number> = {};
  const faults: Record<string, number> = {};
  const count = (counts: Record<string, number>, what: string): void => void (counts[what] = (counts[what] ?? 0) + 1);
  let over = false;
  const ending = new AbortController();
  let striking: Promise<void> = Promise.resolve();
  /** A worker that stands still for longer than its leases last; one at a time, and it is not killed meanwhile. */
  let paused: { victim: OwnedProcess; over: Promise<void> } | null = null;
  /** One outage at a time, while kills go on. */
  let outage: Promise<void> | null = null;

  async function lasting(): Promise<void> {
    for (const { jira } of world.companies) {
      await loseAnswers(jira.control, 0.2);
      await jira.control.setWebhookFaults({ lost: 0.3, doubled: 0.2, reordered: 0.2 });
    }
    for (const proxy of world.proxies) proxy.add({ kind: 'lostReply' }, { probability: 0.1 });
  }

  async function killProcess(): Promise<void> {
    const company = random.pick(world.companies);
    const running = [...company.processes].filter(([, process]) => process.running && process !== paused?.victim);
    const ready = await company.ready();
    const victims = random.chance(killAnyProcess) ? running : running.filter(([role]) => ready.has(role));
    if (victims.length === 0) return;
    const [role, victim] = random.pick(victims);
    if (!victim.running) return;
    victim.kill();
    await victim.ended;
    count(kills, ready.has(role) ? (role.split(' ')[0] ?? role) : 'starting');
  }

  async function pauseWorker(): Promise<void> {
    const company = random.pick(world.companies);
    const ready = await company.ready();
    const workers = [...company.processes].filter(([role]) => role !== 'web' && ready.has(role));
    if (workers.length === 0) return;
    const [, victim] = random.pick(workers);
    if (!signal(victim, 'SIGSTOP')) return;
    count(faults, 'worker paused');
    const over = delay(pauseMs, undefined, { signal: ending.signal })
      .catch(() => {})
      .then(() => {
        signal(victim, 'SIGCONT');
        paused = null;
      });
    paused = { victim, over };
  }

  async function jiraOutage(): Promise<void> {
    const { jira } = random.pick(world.companies);
    const fault = random.pick(outages);
    const { id } = await jira.control.addFault({ ...fault, match: { user: 'admin', path: '/rest/' } });
    count(faults, `Jira: ${fault.kind}`);
    await delay(500 + random.below(3_000));
    await jira.control.removeFault({ id });
  }

  async function partnerOutage(): Promise<void> {
    const proxy = random.pick(world.proxies);
    if (random.chance(0.3)) {
      count(faults, 'partner: down');
      await proxy.down();
      await delay(500 + random.below(3_000));
      return proxy.up();
    }
    const toxic = random.pick(toxics);
    count(faults, `partner: ${toxic.kind}`);
    proxy.add(toxic, { probability: 0.5, count: 5 });
    await delay(random.below(1_000));
  }

  async function killPostgres(): Promise<void> {
    // The file may be that of a server which is dead already, and its number another program's by now.
    if ((await (await postgresServer(world.dataDir)).runningPort()) === null) return;
    const file = await readFile(join(world.dataDir, 'postgres', 'cluster', 'postmaster.pid'), 'utf8').catch(() => '');
    const pid = Number(file.split('\n')[0]);
    if (!(pid > 1)) return;
    try {
      process.kill(pid, 'SIGKILL');
      count(kills, 'postgres');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
    await delay(2_000);
  }

  async function strike(): Promise<void> {
    const dice = random.next();
    if (dice > 0.97 && world.killPostgres) return killPostgres();
    if (dice > 0.93 && paused === null) return pauseWorker();
    if (dice < world.pace.kills || outage !== null) return killProcess();
    outage = (random.chance(0.45) ? jiraOutage() : partnerOutage()).finally(() => (outage = null));
  }

  async function strikes(): Promise<void> {
    const [from, to] = world.pace.betweenMs;
    while (!over) {
      await strike();
      await delay(from + random.below(to - from));
    }
    await outage;
    await paused?.over;
  }

  return {
    kills,
    faults,
    async begin() {
      await lasting();
      striking = strikes();
      // What went wrong in them is thrown by `end`.
      striking.catch(() => {});
    },
    async end() {
      over = true;
      ending.abort();
      await striking;
      faults['partner: spoiled exchanges'] = world.proxies.reduce((sum, { seen }) => sum + seen.spoiled, 0);
      for (const { jira } of world.companies) await jira.control.setWebhookFaults({});
      for (const proxy of world.proxies) proxy.clear();
    },
  };
}

/** Whether the process was there to be told. */
function signal({ pid }: OwnedProcess, name: 'SIGSTOP' | 'SIGCONT'): boolean {
  try {
    return pid !== undefined && process.kill(pid, name);
  } catch {
    return false;
  }
}
