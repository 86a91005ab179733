/** Every page, list, tab, filter, sort and file of a console with very many issues, one request after the other. */
import { setTimeout as delay } from 'node:timers/promises';
import { twinStatuses } from '../../src/engine/twin/status.ts';
import { queueSorts } from '../../src/services/queue/list-queue.ts';
import { queueTabs } from '../../src/services/queue/tabs.ts';
import { dueLanes, nextDueInMs } from '../../src/services/sync/due-lanes.ts';
import { hintIssues } from '../../src/services/sync/hints.ts';
import type { ConsoleWorld } from '../lib/console-world.ts';
import { atMost } from '../lib/report.ts';
import type { Row, ScenarioReport } from '../lib/report.ts';
import { spread } from '../lib/statistics.ts';
import { startMeter } from '../lib/usage.ts';

const mostMs = 200;
const mostLookMs = 20;
const warmUps = 3;
const looks = 200;
const idleSeconds = 20;
const atOnce = 4;

interface Target {
  what: string;
  path: string;
  /** A file: its first bytes count. */
  file?: true;
}

export async function consoleAtScale(
  world: ConsoleWorld,
  what: { twins: number; times: number },
): Promise<ScenarioReport> {
  const rows: Row[] = [];
  const data: Record<string, unknown> = {};
  const targets = await allTargets(world);
  for (const target of targets) {
    for (let time = 0; time < warmUps; time += 1) await request(world, target);
    const ms: number[] = [];
    for (let time = 0; time < what.times; time += 1) ms.push(await request(world, target));
    const { p50, p95, p99 } = spread(ms);
    data[target.path] = { p50, p95, p99 };
    const others = `p50 ${Math.round(p50)}, p99 ${Math.round(p99)}`;
    rows.push({ what: `${target.what} (${others})`, value: p95, unit: 'ms', target: atMost(p95, mostMs, 'ms') });
  }
  const together = spread(await severalAtOnce(world, targets));
  data['together'] = together;
  rows.push({
    what: `all of it, ${atOnce} at once (p50 ${Math.round(together.p50)})`,
    value: together.p95,
    unit: 'ms',
  });
  rows.push(...(await looksAtWork(world)), ...(await idleWorker(world)));
  return { title: `The console with ${what.twins} issues under sync, p95 of ${what.times} requests each`, rows, data };
}

async function allTargets(world: ConsoleWorld): Promise<Target[]> {
  const one = async (sql: string): Promise<string> =>
    (await world.ctx.db.$queryRawUnsafe<{ id: string }[]>(sql))[0]?.id ?? '';
  const connection = await one(`SELECT "connectionId"::text AS id FROM twin GROUP BY 1 ORDER BY count(*) DESC LIMIT 1`);
  const middle =
    await one(`SELECT to_char("createdAt" AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') || '_' || id AS id
    FROM twin ORDER BY "createdAt" OFFSET (SELECT count(*) / 2 FROM twin) LIMIT 1`);
  const long = await one(`SELECT "twinId"::text AS id FROM timeline_entry GROUP BY 1 ORDER BY count(*) DESC LIMIT 1`);
  const key = await one(`SELECT "localIssueKey" AS id FROM twin WHERE status = 'error' ORDER BY id LIMIT 1`);
  const run = await one(`SELECT id::text FROM bulk_run ORDER BY total DESC LIMIT 1`);
  const event = await one(`SELECT id::text FROM sync_event ORDER BY seq LIMIT 1`);
  const error = await one(`SELECT id::text FROM sync_error WHERE "resolvedAt" IS NULL ORDER BY id LIMIT 1`);
  const later = async (path: string): Promise<string> => laterPage(world, path);
  const page = (what: string, path: string): Target => ({ what, path });
  const file = (what: string, path: string): Target => ({ what: `CSV, first bytes: ${what}`, path, file: true });
  return [
    page('Getting Started', '/getting-started'),
    ...['daily', 'weekly', 'monthly', 'quarterly'].map((period) =>
      page(`Dashboard, ${period}`, `/dashboard?period=${period}`),
    ),
    page('General Settings', '/settings'),
    page('Connections', '/connections'),
    ...['rules', 'triggers', 'statistics', 'info'].map((tab) =>
      page(`Connection, ${tab}`, `/connections/${connection}?tab=${tab}`),
    ),
    page('Entity Sync Status', '/status'),
    page('Entity Sync Status, in the middle', `/status?cursor=${middle}`),
    page('Entity Sync Status, connection', `/status?connection=${connection}`),
    page('Entity Sync Status, connection, in the middle', `/status?connection=${connection}&cursor=${middle}`),
    ...twinStatuses.map((status) => page(`Entity Sync Status, ${status}`, `/status?status=${status}`)),
    page('Entity Sync Status, error, in the middle', `/status?status=error&cursor=${middle}`),
    page('Entity Sync Status, connection and status', `/status?connection=${connection}&status=paused`),
    page('Entity Sync Status, key', `/status?key=${key}`),
    page('Entity Sync Status, unknown key', '/status?key=NONE-1'),
    page('Entity Sync Status, one with a long timeline', `/status?twin=${long}`),
    page('Triggers', '/triggers'),
    page('Bulk Connect', '/bulk-connect'),
    ...(await Promise.all(
      queueTabs.map(async (tab) => [
        page(`Sync Queue, ${tab}`, `/queue?tab=${tab}`),
        page(`Sync Queue, ${tab}, later page`, await later(`/queue?tab=${tab}`)),
        ...queueSorts.map((sort) => page(`Sync Queue, ${tab} by ${sort}`, `/queue?tab=${tab}&sort=${sort}&dir=desc`)),
        page(`Sync Queue, ${tab}, connection`, `/queue?tab=${tab}&connection=${connection}`),
        page(`Sync Queue, ${tab}, local key`, `/queue?tab=${tab}&local=${key}`),
        page(`Sync Queue, ${tab}, remote key`, `/queue?tab=${tab}&remote=${key}`),
      ]),
    ).then((tabs) => tabs.flat())),
    page('Sync Queue, an event', `/queue?item=${event}`),
    page('Errors', '/errors'),
    page('Errors, later page', await later('/errors')),
    page('Errors, resolved', '/errors?show=resolved'),
    page('Errors, resolved, later page', await later('/errors?show=resolved')),
    page('Errors, one of them', `/errors?error=${error}`),
    page('Audit log', '/audit'),
    page('Audit log, later page', await later('/audit')),
    page('Audit log, one person', '/audit?who=jane'),
    page('Audit log, unknown person', '/audit?who=nobody'),
    page('Clean-up Tools', '/clean-up'),
    page('Clean-up Tools, an issue', `/clean-up?key=${key}`),
    page('Clean-up Tools, a connection', `/clean-up?by=connection&connection=${connection}`),
    file('twins', '/api/csv/twins'),
    file('twins of a status', '/api/csv/twins?status=error'),
    file('connections', '/api/csv/connections'),
    ...queueTabs.map((tab) => file(`queue, ${tab}`, `/api/csv/queue?tab=${tab}`)),
    file('errors', '/api/csv/errors'),
    file('audit log', '/api/csv/audit'),
    file('pairs of a connection', `/api/csv/pairs?connection=${connection}`),
    file('result of a bulk run', `/api/csv/result?run=${run}`),
    file('failed rows of a bulk run', `/api/csv/failed?run=${run}`),
    page('metrics', '/api/metrics'),
    page('health', '/api/health'),
  ];
}

/** Milliseconds to the end of a page, or to the first rows of a file. */
async function request({ url, cookie, syncToken }: ConsoleWorld, { path, file }: Target): Promise<number> {
  const started = performance.now();
  const headers = path === '/api/metrics' ? { authorization: `Bearer ${syncToken}` } : { cookie };
  const answer = await fetch(`${url}${path}`, { headers, redirect: 'manual' });
  // Without a worker health says 503, and means it.
  if (answer.status !== 200 && path !== '/api/health') throw new Error(`${path}: ${answer.status}`);
  if (file === undefined) {
    const text = await answer.text();
    if (text.includes('Something unexpected happened.')) throw new Error(`${path} shows an error.`);
    return performance.now() - started;
  }
  let lines = 0;
  for await (const part of answer.body ?? []) {
    lines += Buffer.from(part).toString('utf8').split('\n').length - 1;
    // The heading alone is there before anything was asked for.
    if (lines > 1) break;
  }
  return performance.now() - started;
}

/** The address of a page some way into a list, found by following its links. */
async function laterPage({ url, cookie }: ConsoleWorld, path: string): Promise<string> {
  let current = path;
  for (let page = 0; page < 4; page += 1) {
    const text = await (await fetch(`${url}${current}`, { headers: { cookie } })).text();
    const next = [...text.matchAll(/href="(\/[^"]*[?&;]cursor=[^"]*)"/g)]
      .map(([, href]) => (href ?? '').replaceAll('&amp;', '&'))
      .filter((href) => !/[?&](item|error|twin)=/.test(href))
      .at(-1);
    if (next === undefined) throw new Error(`${current} has no further page.`);
    current = next;
  }
  return current;
}

async function severalAtOnce(world: ConsoleWorld, targets: readonly Target[]): Promise<number[]> {
  const ms: number[] = [];
  const waiting = [...targets, ...targets];
  const client = async (): Promise<void> => {
    for (let target = waiting.shift(); target !== undefined; target = waiting.shift())
      ms.push(await request(world, target));
  };
  await Promise.all(Array.from({ length: atOnce }, client));
  return ms;
}

/** What a worker asks again and again, while none of the twins has anything to do. */
async function looksAtWork({ ctx }: ConsoleWorld): Promise<Row[]> {
  const asked: Record<string, () => Promise<unknown>> = {
    'worker: which lanes are due': () => dueLanes(ctx, 48),
    'worker: when the next is due': () => nextDueInMs(ctx, 400),
    'webhook: twins of an issue hinted': () => hintIssues(ctx, ['0']),
  };
  const rows: Row[] = [];
  for (const [what, ask] of Object.entries(asked)) {
    const ms: number[] = [];
    for (let time = 0; time < looks; time += 1) {
      const started = performance.now();
      await ask();
      ms.push(performance.now() - started);
    }
    const { p50, p95, p99 } = spread(ms);
    const others = `p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)}`;
    rows.push({ what: `${what} (${others})`, value: p95, unit: 'ms', target: atMost(p95, mostLookMs, 'ms') });
  }
  return rows;
}

async function idleWorker(world: ConsoleWorld): Promise<Row[]> {
  const worker = await world.work();
  await delay(5_000);
  const meter = startMeter(world.processes());
  await delay(idleSeconds * 1000);
  const usage = await meter.stop();
  await worker.stop();
  return ['worker', 'PostgreSQL'].map((name) => ({
    what: `CPU of the idle ${name}, of one core`,
    value: ((usage[name]?.cpuSeconds ?? Number.NaN) / idleSeconds) * 100,
    unit: '%',
  }));
}
