/** From a commit on the node to the open pages: to their streams, and to what a browser shows. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { chromium } from '@playwright/test';
import { findChromium } from '../../scripts/find-chromium.ts';
import type { ConsoleWorld } from '../lib/console-world.ts';
import { atMost } from '../lib/report.ts';
import type { Row, ScenarioReport } from '../lib/report.ts';
import { spread } from '../lib/statistics.ts';
import { startMeter } from '../lib/usage.ts';
import { waitFor } from '../../tests/support/wait-for.ts';

const mostMs = 1_000;

export interface StreamLoad {
  streams: number;
  perSecond: number;
  seconds: number;
}

export async function streamToPages(
  world: ConsoleWorld,
  what: { loads: readonly StreamLoad[]; screenCommits: number },
): Promise<ScenarioReport> {
  const rows: Row[] = [];
  const data: unknown[] = [];
  for (const load of what.loads) {
    const meter = startMeter(world.processes());
    const ms = await toStreams(world, load);
    const usage = await meter.stop();
    const { p50, p95, p99 } = spread(ms);
    const { streams, perSecond, seconds } = load;
    rows.push({
      what: `${streams} streams, ${perSecond} commits/s: commit to stream (p50 ${Math.round(p50)}, p99 ${Math.round(p99)})`,
      value: p95,
      unit: 'ms',
      target: atMost(p95, mostMs, 'ms'),
    });
    rows.push({
      what: '  CPU of the console, of one core',
      value: ((usage['web']?.cpuSeconds ?? 0) / seconds) * 100,
      unit: '%',
    });
    data.push({ ...load, events: ms.length, p50, p95, p99 });
  }
  const screen = spread(await toScreen(world, what.screenCommits));
  rows.push({
    what: `commit to the screen of a browser (p50 ${Math.round(screen.p50)}, p99 ${Math.round(screen.p99)})`,
    value: screen.p95,
    unit: 'ms',
    target: atMost(screen.p95, mostMs, 'ms'),
  });
  return { title: 'Live pages: from a commit to those who look, p95', rows, data: { streams: data, screen } };
}

/** Each commit changes a twin and is told under an id of its own, so that it is known again in every stream. */
async function toStreams(world: ConsoleWorld, { streams, perSecond, seconds }: StreamLoad): Promise<number[]> {
  const committed = new Map<string, number>();
  const ms: number[] = [];
  const ended = new AbortController();
  const clients = await Promise.all(
    Array.from({ length: streams }, () =>
      listen(world, ended.signal, (id, at) => {
        const since = committed.get(id);
        if (since !== undefined) ms.push(at - since);
      }),
    ),
  );
  const twins = await world.ctx.db.twin.findMany({ where: { status: 'synchronized' }, take: 50, select: { id: true } });
  const count = perSecond * seconds;
  const started = performance.now();
  await Promise.all(
    Array.from({ length: count }, async (_none, index) => {
      await delay(Math.max(0, started + (index * 1000) / perSecond - performance.now()));
      const id = randomUUID();
      await commit(world, twins[index % twins.length]?.id ?? '', `R1-${index}`);
      committed.set(id, performance.now());
      await world.ctx.wake.pages({ kind: 'twin', id });
    }),
  );
  await waitFor('all streams to hear of all commits', () => ms.length >= count * streams, { timeoutMs: 20_000 });
  ended.abort();
  await Promise.all(clients.map((client) => client.ended));
  return ms;
}

function commit({ ctx }: ConsoleWorld, twinId: string, remoteKey: string): Promise<number> {
  return ctx.db
    .$executeRaw`UPDATE twin SET "remoteIssueKey" = ${remoteKey}, "lastSyncInAt" = now() WHERE id = ${twinId}::uuid`;
}

/** Resolves, with a promise of the stream's end inside, when the stream is open. */
async function listen(
  { url, cookie }: ConsoleWorld,
  signal: AbortSignal,
  heard: (id: string, at: number) => void,
): Promise<{ ended: Promise<void> }> {
  const answer = await fetch(`${url}/api/events`, { headers: { cookie }, signal });
  if (answer.status !== 200 || answer.body === null) throw new Error(`/api/events: ${answer.status}`);
  const parts = answer.body.getReader();
  const decoder = new TextDecoder();
  // The greeting: from now on the stream is listening.
  await parts.read();
  const reading = async (): Promise<void> => {
    let text = '';
    for (;;) {
      const { value, done } = await parts.read();
      if (done) return;
      const at = performance.now();
      text += decoder.decode(value, { stream: true });
      const events = text.split('\n\n');
      text = events.pop() ?? '';
      for (const event of events) {
        const id = /"id":"([^"]+)"/.exec(event)?.[1];
        if (id !== undefined) heard(id, at);
      }
    }
  };
  return { ended: reading().catch(() => undefined) };
}

/** A browser looks at the newest twins; their remote keys change, and each must come to be seen. */
async function toScreen(world: ConsoleWorld, commits: number): Promise<number[]> {
  const browser = await chromium.launch({ executablePath: await findChromium() });
  try {
    const context = await browser.newContext();
    const [name = '', value = ''] =
      world.cookie
        .split('; ')
        .find((one) => one.startsWith('exalate-session'))
        ?.split(/=(.*)/s) ?? [];
    await context.addCookies([{ name, value, url: world.url }]);
    const page = await context.newPage();
    const seen = new Map<number, number>();
    await page.exposeFunction('seen', (number: number) => {
      if (!seen.has(number)) seen.set(number, performance.now());
    });
    await page.addInitScript(() => {
      const look = (): void => {
        const number = /LIVE-(\d+)/.exec(document.body.textContent ?? '')?.[1];
        if (number !== undefined) void (globalThis as unknown as { seen(number: number): void }).seen(Number(number));
      };
      new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
    });
    await page.goto(`${world.url}/status`);
    const newest = await world.ctx.db.twin.findFirst({
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      select: { id: true },
    });
    const ms: number[] = [];
    for (let number = 1; number <= commits; number += 1) {
      await commit(world, newest?.id ?? '', `LIVE-${number}`);
      const since = performance.now();
      await world.ctx.wake.pages({ kind: 'twin', id: newest?.id ?? '' });
      ms.push((await waitFor(`LIVE-${number} on the screen`, () => seen.get(number), { everyMs: 5 })) - since);
    }
    return ms;
  } finally {
    await browser.close();
  }
}
