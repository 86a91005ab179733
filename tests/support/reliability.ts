/** What the reliability tests share: short times for sync, people's hands, faults on the writes of sync, and the verdict. */
import { expect } from 'vitest';
import type { SyncTuning } from '#/services/sync/tuning.ts';
import type { FaultEffect } from '../../simulator/index.ts';
import type { Hands } from './load.ts';
import { counts, isQuiet, judge } from './oracle.ts';
import type { Count, Expected, Verdict, Witness } from './oracle.ts';
import type { Company, Pair } from './pair.ts';
import { waitFor } from './wait-for.ts';

/** Long enough for a simulated Jira to finish what it was asked, short enough for a test. */
export const shortTimes: Partial<SyncTuning> = { leaseMs: 1_500, settleMs: 1_000, askAgainMs: 250 };

export const quickNode = { sync: shortTimes, pollIntervalSeconds: 0.3 };

export function handsOf(company: Company, name: string): Hands {
  return {
    name,
    rest: (method, path, body) => company.rest(method, path, body),
    attach: (key, filename, bytes, seed) =>
      company.jira.control.createAttachment({ key, user: 'jane', filename, bytes, seed }),
  };
}

export function witnessOf(company: Company, name: string): Witness {
  return { name, control: company.jira.control, db: company.ctx.db, jiraUrl: company.jira.url };
}

export async function onBoth(
  pair: Pair,
  fault: FaultEffect & { match?: { path?: string; count?: number } },
): Promise<void> {
  for (const company of [pair.a, pair.b]) {
    await company.jira.control.addFault({ ...fault, match: { user: 'admin', ...fault.match } });
  }
}

export async function heal(pair: Pair): Promise<void> {
  for (const { jira } of [pair.a, pair.b]) {
    await jira.control.clearFaults();
    await jira.control.setWebhookFaults({});
  }
}

/** Waits until nothing is left to do on either side, also after some more polls, and asks the oracle. */
export async function verdictOf(pair: Pair, expected: Expected = new Map(), timeoutMs = 40_000): Promise<Verdict> {
  const witnesses = [witnessOf(pair.a, 'A'), witnessOf(pair.b, 'B')] as const;
  const settled = async (): Promise<void> => {
    let last: Verdict | null = null;
    await waitFor(
      'both nodes to have nothing left to do',
      async () => {
        for (const { ctx } of [pair.a, pair.b]) if (!(await isQuiet(ctx.db))) return false;
        last = null;
        return true;
      },
      { timeoutMs, everyMs: 100 },
    ).catch(async (error: unknown) => {
      last = await judge(...witnesses, expected);
      throw new Error(`${String(error)}\n${last.details.join('\n')}`);
    });
  };
  await settled();
  await morePolls(pair, 2);
  await settled();
  const writes = await silence(pair);
  const verdict = await judge(...witnesses, expected);
  for (const write of writes) {
    verdict.echoes += 1;
    verdict.details.push(`echoes: ${write} after everything was quiet`);
  }
  return verdict;
}

/** Everything is 0, with the reasons in the message when it is not. */
export function expectClean(verdict: Verdict): void {
  const numbers = Object.fromEntries(counts.map((count) => [count, verdict[count]])) as Record<Count, number>;
  expect(numbers, verdict.details.join('\n')).toEqual({ duplicates: 0, losses: 0, stale: 0, echoes: 0, orphans: 0 });
}

async function morePolls(pair: Pair, times: number): Promise<void> {
  for (const { jira } of [pair.a, pair.b]) {
    const polls = async (): Promise<number> =>
      (await jira.control.statistics()).endpoints.find(({ endpoint }) => endpoint.includes('search'))?.count ?? 0;
    const before = await polls();
    await waitFor(`${times} more polls`, async () => (await polls()) >= before + times);
  }
}

/** What sync writes although nobody has done anything. */
async function silence(pair: Pair): Promise<string[]> {
  const count = async (): Promise<{ method: string; path: string }[]> =>
    (await Promise.all([pair.a, pair.b].map(({ jira }) => jira.control.writes({ user: 'admin' }))))
      .flat()
      .filter(({ path }) => !path.includes('webhook'));
  const before = (await count()).length;
  await morePolls(pair, 2);
  return (await count()).slice(before).map(({ method, path }) => `${method} ${path}`);
}
