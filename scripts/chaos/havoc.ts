/** What goes wrong in a chaos run, chosen by its seed, and how it is put right again. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { FaultProxy, Toxic } from '../../tests/support/fault-proxy.ts';
import { htmlPage } from '../../tests/support/fault-proxy.ts';
import type { Random } from '../../tests/support/random.ts';
import type { FaultEffect } from '../../simulator/index.ts';
import type { ChaosCompany } from './company.ts';

export interface Havoc {
  readonly kills: Record<string, number>;
  readonly outages: Record<string, number>;
  /** One random evil; resolves when it is over, apart from what the node has to heal by itself. */
  strike(): Promise<void>;
  /** The faults that last for the whole run. */
  begin(): Promise<void>;
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

export function createHavoc(
  world: { companies: readonly ChaosCompany[]; proxies: readonly FaultProxy[]; dataDir: string; killPostgres: boolean },
  random: Random,
): Havoc {
  const kills: Record<string, number> = {};
  const struck: Record<string, number> = {};
  const count = (counts: Record<string, number>, what: string): void => void (counts[what] = (counts[what] ?? 0) + 1);

  async function lasting(): Promise<void> {
    for (const { jira } of world.companies) {
      const match = {
        method: ['POST', 'PUT', 'DELETE'],
        user: 'admin',
        path: '/rest/api/2/(issue|attachment)',
        probability: 0.1,
      };
      for (const kind of ['performThenCut', 'performThen502'] as const) await jira.control.addFault({ kind, match });
      await jira.control.setWebhookFaults({ lost: 0.3, doubled: 0.2, reordered: 0.2 });
    }
    for (const proxy of world.proxies) proxy.add({ kind: 'lostReply' }, { probability: 0.1 });
  }

  async function killProcess(): Promise<void> {
    const company = random.pick(world.companies);
    const [role, victim] = random.pick([...company.processes]);
    victim.kill();
    await victim.ended;
    count(kills, role.split(' ')[0] ?? role);
  }

  async function jiraOutage(): Promise<void> {
    const { jira } = random.pick(world.companies);
    const fault = random.pick(outages);
    const { id } = await jira.control.addFault({ ...fault, match: { user: 'admin', path: '/rest/' } });
    count(struck, `Jira: ${fault.kind}`);
    await delay(500 + random.below(3_000));
    await jira.control.removeFault({ id });
  }

  async function partnerOutage(): Promise<void> {
    const proxy = random.pick(world.proxies);
    if (random.chance(0.3)) {
      count(struck, 'partner: down');
      await proxy.down();
      await delay(500 + random.below(3_000));
      return proxy.up();
    }
    const toxic = random.pick(toxics);
    count(struck, `partner: ${toxic.kind}`);
    proxy.add(toxic, { probability: 0.5, count: 5 });
    await delay(random.below(1_000));
  }

  async function killPostgres(): Promise<void> {
    const file = await readFile(join(world.dataDir, 'postgres', 'cluster', 'postmaster.pid'), 'utf8').catch(() => '');
    const pid = Number(file.split('\n')[0]);
    if (!(pid > 1)) return;
    process.kill(pid, 'SIGKILL');
    count(kills, 'postgres');
    await delay(2_000);
  }

  return {
    kills,
    outages: struck,
    begin: lasting,
    strike() {
      const dice = random.next();
      if (dice < 0.5) return killProcess();
      if (dice < 0.7) return jiraOutage();
      if (dice < 0.93 || !world.killPostgres) return partnerOutage();
      return killPostgres();
    },
    async end() {
      for (const { jira } of world.companies) {
        await jira.control.clearFaults();
        await jira.control.setWebhookFaults({});
      }
      for (const proxy of world.proxies) proxy.clear();
    },
  };
}
