/** What two connected nodes cost while nothing happens. */
import { setTimeout as delay } from 'node:timers/promises';
import type { Company } from '../lib/company.ts';
import { atMost } from '../lib/report.ts';
import type { Row, ScenarioReport } from '../lib/report.ts';
import type { World } from '../lib/world.ts';
import { syncedIssues } from './live.ts';

const twins = 20;
/** Sessions tell PostgreSQL's statistics of their writes up to a minute later. */
const leastSecondsForRows = 60;

export async function idle(world: World, what: { seconds: number; pollSeconds: number }): Promise<ScenarioReport> {
  const { seconds, pollSeconds } = what;
  const { a, b } = world;
  await syncedIssues(world, twins);
  // Each poll reads once more what changed shortly before the one before it.
  await delay(2 * pollSeconds * 1000);
  await world.quiet();
  const before = [await rowsWritten(a), await rowsWritten(b)];
  for (const { control } of [a, b]) await control.resetStatistics();
  const meter = world.meter();
  await delay(seconds * 1000);
  const usage = await meter.stop();
  // As many as can begin in that time.
  const polls = Math.floor(seconds / pollSeconds) + 1;
  const rows: Row[] = [];
  for (const [index, company] of [a, b].entries()) {
    const { endpoints, total } = await company.control.statistics();
    const searches = endpoints
      .filter(({ endpoint }) => endpoint.includes('/search'))
      .reduce((sum, { count }) => sum + count, 0);
    const writes = (await company.control.writes()).length;
    const stored = (await rowsWritten(company)) - (before[index] ?? 0);
    const name = `Jira ${company.name.at(-1)}`;
    rows.push(
      { what: `${name}: writes`, value: writes, unit: '', target: atMost(writes, 0, '') },
      {
        what: `${name}: searches per poll`,
        value: searches / polls,
        unit: '',
        target: atMost(searches / polls, 1, ''),
      },
      { what: `${name}: requests per minute`, value: (total / seconds) * 60, unit: '/min' },
    );
    if (seconds >= leastSecondsForRows) {
      const what = `node ${company.name.at(-1)}: database rows written per minute`;
      rows.push({ what, value: (stored / seconds) * 60, unit: '/min' });
    }
  }
  return { title: `Idle for ${seconds} s, polling every ${pollSeconds} s`, rows, usage, seconds };
}

/** Rows inserted, changed and deleted in the node's database so far. */
async function rowsWritten({ ctx }: Company): Promise<number> {
  const rows = await ctx.db.$queryRaw<{ written: number }[]>`
    SELECT sum(n_tup_ins + n_tup_upd + n_tup_del)::float8 AS written FROM pg_stat_user_tables`;
  return rows[0]?.written ?? 0;
}
