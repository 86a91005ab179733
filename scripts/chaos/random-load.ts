/**
 * The scenario `random`: several people work on both Jiras while processes are killed, answers are lost and partners and
 * Jiras fail.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { setConnectionActive } from '../../src/services/connection/set-connection-active.ts';
import { exalateIssue } from '../../src/services/twin/exalate-issue.ts';
import { unexalateIssue } from '../../src/services/twin/unexalate-issue.ts';
import { startFaultProxy } from '../../tests/support/fault-proxy.ts';
import { createLoad } from '../../tests/support/load.ts';
import { lostAnswers } from '../../tests/support/lose-answers.ts';
import type { LostAnswers } from '../../tests/support/lose-answers.ts';
import { seededRandom } from '../../tests/support/random.ts';
import type { ChaosCompany } from './company.ts';
import { createHavoc } from './havoc.ts';
import type { Pace } from './havoc.ts';
import type { ChaosOutcome } from './results.ts';
import { recovered, untilQuiet, verdictOf } from './verdict.ts';
import { connect, insist } from './world.ts';
import type { World } from './world.ts';

export interface RandomLoadOptions {
  seed: number;
  minutes: number;
  issues: number;
  /** The kills go on until sync has written so often, however slow the machine is (at most six times the minutes). */
  writes: number;
  pace: Pace;
  killPostgres: boolean;
}

interface Issue {
  company: ChaosCompany;
  key: string;
}

export async function randomLoad(world: World, options: RandomLoadOptions): Promise<ChaosOutcome> {
  const { a, b, dataDir } = world;
  const { seed, minutes, pace, killPostgres } = options;
  const all = [a, b] as const;
  const random = seededRandom(seed);
  for (const company of all) company.start();
  const connected = await connect(world);
  const connectionOf = (company: ChaosCompany): string => (company === a ? connected.a : connected.b);
  const evil = seededRandom(seed + 1_000_003);
  const proxies = [
    await startFaultProxy(b.url, () => evil.next()),
    await startFaultProxy(a.url, () => evil.next()),
  ] as const;
  await a.ctx.db.connection.updateMany({ data: { partnerUrl: proxies[0].url } });
  await b.ctx.db.connection.updateMany({ data: { partnerUrl: proxies[1].url } });
  for (const { jira } of all) await jira.control.setRandomSeed({ seed });
  const havoc = createHavoc({ companies: all, proxies, dataDir, killPostgres, pace }, evil);

  const load = createLoad(random);
  const issues: Issue[] = [];
  const twinKeys = new Map<string, string>();
  /** What admins have asked for and is tried until it works. */
  const asked: Promise<unknown>[] = [];
  const began = performance.now();
  const written = (): Promise<LostAnswers> => lostAnswers(all.map(({ jira }) => jira.control));
  const isEnough = async (): Promise<boolean> => {
    const share = (performance.now() - began) / (minutes * 60_000);
    if (share < 1 || issues.length < options.issues) return false;
    return share > 6 || (await written()).writes >= options.writes;
  };
  await havoc.begin();
  while (!(await isEnough())) {
    await operation();
    await delay(random.below(120));
  }
  const whileKilling = await written();
  await havoc.end();
  await Promise.all(asked);
  for (const company of all)
    await insist(() => setConnectionActive(company.ctx, { id: connectionOf(company), active: true }));

  await untilQuiet(world);
  const verdict = await verdictOf(world, load.expected);
  const { writes, lost } = await written();
  for (const proxy of proxies) await proxy.stop();
  return {
    verdict,
    operations: load.operations,
    issues: issues.length,
    kills: havoc.kills,
    faults: havoc.faults,
    writes,
    lostReplies: lost,
    notes: [
      `${whileKilling.writes} of these writes fell into the time of the kills`,
      `recognised after an unknown outcome: ${await recovered(world)} writes`,
    ],
  };

  async function operation(): Promise<void> {
    const company = random.pick(all);
    const hands = company.hands(random.pick(['jane', 'bob']));
    if (issues.length < options.issues && (issues.length < 3 || random.chance(0.25))) {
      const key = await load.newIssue(hands, { comments: random.below(5), attachments: random.below(3) });
      issues.push({ company, key });
      asked.push(insist(() => exalateIssue(company.ctx, { connectionId: connectionOf(company), issueKey: key })));
      return;
    }
    const issue = random.pick(issues);
    // Also on the copy, where there is one by now.
    const there = await copyOf(issue);
    const at = there !== null && random.chance(0.5) ? there : issue;
    const who = at.company.hands(random.pick(['jane', 'bob']));
    const dice = random.next();
    if (dice < 0.25) await load.editFields(who, at.key);
    else if (dice < 0.3) await load.changeType(who, at.key);
    else if (dice < 0.5) await load.comment(who, at.key);
    else if (dice < 0.68) await load.editComment();
    else if (dice < 0.74) await load.deleteComment();
    else if (dice < 0.88) await load.attach(who, at.key);
    else if (dice < 0.97) await load.deleteAttachment();
    // Rarely: while a connection is off, nothing happens that a kill could interrupt.
    else if (dice < 0.995) await unexalateAndBack(issue);
    else await offAndOn(company);
  }

  async function copyOf({ company, key }: Issue): Promise<Issue | null> {
    const other = company === a ? b : a;
    const known = twinKeys.get(`${company.name} ${key}`);
    if (known !== undefined) return { company: other, key: known };
    const row = await company.ctx.db.twin
      .findFirst({ where: { localIssueKey: key, endedAt: null }, select: { remoteIssueKey: true } })
      .catch(() => null);
    if (row === null || row.remoteIssueKey === null) return null;
    twinKeys.set(`${company.name} ${key}`, row.remoteIssueKey);
    return { company: other, key: row.remoteIssueKey };
  }

  /** Out of sync, and under sync again as a new pair: the old copy stays behind. */
  async function unexalateAndBack({ company, key }: Issue): Promise<void> {
    const twin = await company.ctx.db.twin
      .findFirst({ where: { localIssueKey: key, endedAt: null } })
      .catch(() => null);
    if (twin === null) return;
    twinKeys.delete(`${company.name} ${key}`);
    asked.push(
      insist(() => unexalateIssue(company.ctx, { twinId: twin.id })).then(() =>
        insist(() => exalateIssue(company.ctx, { connectionId: connectionOf(company), issueKey: key })),
      ),
    );
  }

  async function offAndOn(company: ChaosCompany): Promise<void> {
    const id = connectionOf(company);
    await insist(() => setConnectionActive(company.ctx, { id, active: false }));
    asked.push(
      delay(1_000 + random.below(4_000)).then(() =>
        insist(() => setConnectionActive(company.ctx, { id, active: true })),
      ),
    );
  }
}
