/**
 * Random load on two Jiras by several people while worker, web and database processes are killed, answers are lost and
 * partners and Jiras fail; then everything is healed and the oracle counts what is wrong. The seed repeats the choices of
 * load and faults (not the exact timing). Ends with 1 when any of the five numbers is not 0.
 *
 *   node scripts/chaos.ts --seed 1 --minutes 2 --issues 50 [--no-postgres-kills]
 */
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { migrate } from '../src/db/migrate.ts';
import { initiateConnection } from '../src/services/connection/initiate-connection.ts';
import { setConnectionActive } from '../src/services/connection/set-connection-active.ts';
import { acceptInvitation } from '../src/services/invitation/accept-invitation.ts';
import { invitationCode } from '../src/services/invitation/invitation-code.ts';
import { exalateIssue } from '../src/services/twin/exalate-issue.ts';
import { unexalateIssue } from '../src/services/twin/unexalate-issue.ts';
import { startFaultProxy } from '../tests/support/fault-proxy.ts';
import { createLoad } from '../tests/support/load.ts';
import { counts, isClean, isQuiet, judge } from '../tests/support/oracle.ts';
import type { Verdict } from '../tests/support/oracle.ts';
import { seededRandom } from '../tests/support/random.ts';
import { waitFor } from '../tests/support/wait-for.ts';
import { startChaosCompany } from './chaos/company.ts';
import type { ChaosCompany } from './chaos/company.ts';
import { createHavoc } from './chaos/havoc.ts';
import { createDatabase, startEmbeddedPostgres } from './lib/embedded-postgres.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '1' },
    issues: { type: 'string', default: '30' },
    workers: { type: 'string', default: '2' },
    'no-postgres-kills': { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);
/** Leases and waits for evidence last 20 s each, pauses after failures up to a minute. */
const patienceMs = 150_000;
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const dataDir = await mkdtemp(join(tmpdir(), 'exalate-chaos-'));
const postgres = await startEmbeddedPostgres({ dataDir, settings: { max_connections: '200' } });
const companies: ChaosCompany[] = [];
let clean = false;
try {
  for (const name of ['A', 'B']) {
    const database = `chaos_${name.toLowerCase()}`;
    await createDatabase(postgres.urlOf('postgres'), database);
    await migrate(postgres.urlOf(database));
    companies.push(await startChaosCompany(name, postgres.urlOf(database), Number(values.workers)));
  }
  clean = await run(companies);
} finally {
  await Promise.all(companies.map((company) => company.stop()));
  await postgres.stop();
  await rm(dataDir, { recursive: true, force: true });
}
process.exit(clean ? 0 : 1);

async function run(all: readonly ChaosCompany[]): Promise<boolean> {
  const [a, b] = all;
  if (a === undefined || b === undefined) throw new Error('Two companies are needed.');
  const random = seededRandom(seed);
  for (const company of all) company.start();
  await connect(a, b);
  const evil = seededRandom(seed + 1_000_003);
  const proxies = [
    await startFaultProxy(b.url, () => evil.next()),
    await startFaultProxy(a.url, () => evil.next()),
  ] as const;
  await a.ctx.db.connection.updateMany({ data: { partnerUrl: proxies[0].url } });
  await b.ctx.db.connection.updateMany({ data: { partnerUrl: proxies[1].url } });
  for (const { jira } of all) await jira.control.setRandomSeed({ seed });
  const havoc = createHavoc({ companies: all, proxies, dataDir, killPostgres: !values['no-postgres-kills'] }, evil);

  const load = createLoad(random);
  const issues: { company: ChaosCompany; key: string }[] = [];
  const twinKeys = new Map<string, string>();
  const until = performance.now() + Number(values.minutes) * 60_000;
  await havoc.begin();
  let over = false;
  const striking = (async () => {
    while (!over) {
      await havoc.strike();
      await delay(300 + evil.below(2_500));
    }
  })();
  const starting: Promise<void>[] = [];
  while (performance.now() < until || issues.length < Number(values.issues)) {
    await operation();
    await delay(random.below(120));
  }
  over = true;
  await striking;
  await Promise.all(starting);
  await havoc.end();
  for (const company of all)
    await insist(() => setConnectionActive(company.ctx, { id: company.connectionId, active: true }));

  const verdict = await afterQuiet(a, b, load.expected);
  report(verdict, load.operations, issues.length, havoc);
  for (const proxy of proxies) await proxy.stop();
  return isClean(verdict);

  async function operation(): Promise<void> {
    const company = random.pick(all);
    const hands = company.hands(random.pick(['jane', 'bob']));
    if (issues.length < Number(values.issues) && (issues.length < 3 || random.chance(0.25))) {
      const key = await load.newIssue(hands, { comments: random.below(5), attachments: random.below(3) });
      issues.push({ company, key });
      starting.push(
        insist(() => exalateIssue(company.ctx, { connectionId: company.connectionId, issueKey: key })).then(
          () => undefined,
        ),
      );
      return;
    }
    const issue = random.pick(issues);
    // Also on the copy, where there is one by now.
    const there = await copyOf(issue);
    const [at, key] = there !== null && random.chance(0.5) ? [there.company, there.key] : [issue.company, issue.key];
    const who = at.hands(random.pick(['jane', 'bob']));
    const dice = random.next();
    if (dice < 0.25) await load.editFields(who, key);
    else if (dice < 0.3) await load.changeType(who, key);
    else if (dice < 0.5) await load.comment(who, key);
    else if (dice < 0.68) await load.editComment();
    else if (dice < 0.74) await load.deleteComment();
    else if (dice < 0.86) await load.attach(who, key);
    else if (dice < 0.94) await load.deleteAttachment();
    else if (dice < 0.97) await unexalateAndBack(issue);
    else {
      await insist(() => setConnectionActive(company.ctx, { id: company.connectionId, active: false }));
      starting.push(
        delay(1_000 + random.below(4_000)).then(() =>
          insist(() => setConnectionActive(company.ctx, { id: company.connectionId, active: true })).then(
            () => undefined,
          ),
        ),
      );
    }
  }

  async function copyOf(issue: {
    company: ChaosCompany;
    key: string;
  }): Promise<{ company: ChaosCompany; key: string } | null> {
    const other = all.find((company) => company !== issue.company) ?? issue.company;
    const known = twinKeys.get(`${issue.company.name} ${issue.key}`);
    if (known !== undefined) return { company: other, key: known };
    const row = await issue.company.ctx.db.twin
      .findFirst({ where: { localIssueKey: issue.key, endedAt: null }, select: { remoteIssueKey: true } })
      .catch(() => null);
    if (row === null || row.remoteIssueKey === null) return null;
    twinKeys.set(`${issue.company.name} ${issue.key}`, row.remoteIssueKey);
    return { company: other, key: row.remoteIssueKey };
  }

  /** Out of sync, and under sync again as a new pair: the old copy stays behind. */
  async function unexalateAndBack({ company, key }: { company: ChaosCompany; key: string }): Promise<void> {
    const twin = await company.ctx.db.twin
      .findFirst({ where: { localIssueKey: key, endedAt: null } })
      .catch(() => null);
    if (twin === null) return;
    twinKeys.delete(`${company.name} ${key}`);
    starting.push(
      insist(() => unexalateIssue(company.ctx, { twinId: twin.id }))
        .then(() => insist(() => exalateIssue(company.ctx, { connectionId: company.connectionId, issueKey: key })))
        .then(() => undefined),
    );
  }
}

async function connect(a: ChaosCompany, b: ChaosCompany): Promise<void> {
  const project = async ({ ctx }: ChaosCompany): Promise<string> =>
    (await ctx.jira().projects()).find(({ key }) => key === 'TEST')?.id ?? '';
  const projectId = await project(a);
  const { connectionId } = await initiateConnection(a.ctx, {
    draftId: randomUUID(),
    destinationUrl: null,
    mode: 'BASIC',
    projectId,
  });
  const { code } = await invitationCode(a.ctx, { connectionId });
  const theirs = await project(b);
  const draftId = randomUUID();
  const accepted = await insist(() => acceptInvitation(b.ctx, { draftId, code, projectId: theirs }));
  a.connectionId = connectionId;
  b.connectionId = accepted.connectionId;
}

/** An admin who tries again until it works. */
async function insist<Result>(act: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await act();
    } catch (error) {
      if (attempt >= 120) throw error;
      await delay(500);
    }
  }
}

async function afterQuiet(
  a: ChaosCompany,
  b: ChaosCompany,
  expected: ReadonlyMap<string, string | null>,
): Promise<Verdict> {
  const witnesses = [a, b].map(({ name, jira, ctx }) => ({
    name,
    control: jira.control,
    db: ctx.db,
    jiraUrl: jira.url,
  }));
  const [one, two] = witnesses;
  if (one === undefined || two === undefined) throw new Error('Two witnesses are needed.');
  const began = performance.now();
  const quiet = async (): Promise<unknown> =>
    waitFor('quiet', async () => (await isQuiet(a.ctx.db)) && (await isQuiet(b.ctx.db)), {
      timeoutMs: patienceMs,
      everyMs: 500,
    }).catch((error: unknown) => say(String(error)));
  await quiet();
  await delay(5_000);
  if (await isQuiet(a.ctx.db)) await quiet();
  say(`quiet after ${Math.round((performance.now() - began) / 1000)} s`);
  const writes = async (): Promise<number> =>
    (await Promise.all([a, b].map(({ jira }) => jira.control.writes({ user: 'admin' }))))
      .flat()
      .filter(({ path }) => !path.includes('webhook')).length;
  const before = await writes();
  await delay(6_000);
  const verdict = await judge(one, two, expected);
  const later = (await writes()) - before;
  verdict.echoes += later;
  if (later > 0) verdict.details.push(`echoes: ${later} writes after everything was quiet`);
  return verdict;
}

function report(verdict: Verdict, operations: number, issues: number, havoc: ReturnType<typeof createHavoc>): void {
  const { compared } = verdict;
  say(
    `seed ${seed}: ${operations} operations on ${issues} issues; kills ${JSON.stringify(havoc.kills)}; outages ${JSON.stringify(havoc.outages)}`,
  );
  say(
    `compared ${compared.twins} pairs of issues, ${compared.comments} of comments, ${compared.attachments} of attachments`,
  );
  say(counts.map((count) => `${count} ${verdict[count]}`).join(', '));
  for (const line of verdict.details.slice(0, 100)) say(`  ${line}`);
}
