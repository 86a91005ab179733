/** The end of a chaos run: everything becomes quiet, and the oracle counts. */
import { setTimeout as delay } from 'node:timers/promises';
import { counts, isQuiet, judge } from '../../tests/support/oracle.ts';
import type { Expected, Verdict, Witness } from '../../tests/support/oracle.ts';
import { waitFor } from '../../tests/support/wait-for.ts';
import type { ChaosCompany } from './company.ts';
import type { World } from './world.ts';

/** Leases and waits for evidence last 20 s each, pauses after failures up to a minute. */
const patienceMs = 150_000;
/** Three polls. */
const listeningMs = 6_000;

/**
 * Waits until neither node has anything left to do; gives up after a while, and the oracle then says what is left. Gives the
 * moment at which it became quiet (`performance.now()`).
 */
export async function untilQuiet({ a, b }: World, timeoutMs = patienceMs): Promise<number> {
  const quiet = async (): Promise<boolean> => (await isQuiet(a.ctx.db)) && (await isQuiet(b.ctx.db));
  const wait = async (): Promise<number> => {
    await waitFor('quiet', quiet, { timeoutMs, everyMs: 250 }).catch((error: unknown) =>
      process.stdout.write(`${String(error)}\n`),
    );
    return performance.now();
  };
  const quietAt = await wait();
  // A change whose webhook was lost is found by one of the next polls.
  await delay(5_000);
  return (await quiet()) ? quietAt : wait();
}

export async function verdictOf(world: World, expected?: Expected): Promise<Verdict> {
  const { a, b } = world;
  const before = await writesOf(world);
  await delay(listeningMs);
  const verdict = await judge(witnessOf(a), witnessOf(b), expected);
  const later = (await writesOf(world)) - before;
  if (later > 0) {
    verdict.echoes += later;
    verdict.details.push(`echoes: ${later} writes after everything was quiet`);
  }
  return verdict;
}

/** What sync has written to both Jiras so far. */
async function writesOf({ a, b }: World): Promise<number> {
  const writes = await Promise.all([a, b].map(({ jira }) => jira.control.writes({ user: 'admin' })));
  return writes.flat().filter(({ path }) => !path.includes('webhook')).length;
}

function witnessOf({ name, jira, ctx }: ChaosCompany): Witness {
  return { name, control: jira.control, db: ctx.db, jiraUrl: jira.url };
}

/** Writes whose outcome was not known, and of which Jira then showed that they had been performed. */
export async function recovered({ a, b }: World): Promise<number> {
  const found = await Promise.all(
    [a, b].map(({ ctx }) => ctx.db.timelineEntry.count({ where: { kind: 'recovered' } })),
  );
  return found.reduce((sum, count) => sum + count, 0);
}

/** Two looks at the same run as one. */
export function added(one: Verdict, other: Verdict): Verdict {
  const sum = { ...one, details: [...one.details, ...other.details] };
  for (const count of counts) sum[count] += other[count];
  return sum;
}
