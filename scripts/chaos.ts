/**
 * Tries to break sync with real processes, and lets the oracle count what is wrong afterwards. The seed repeats the choices
 * of load and faults (not the exact timing). Each run appends a line to chaos-results/runs.jsonl. Ends with 1 when any of
 * the five numbers is not 0.
 *
 *   npm run chaos -- --seed 1 --minutes 2 --issues 50 [--pace fast | --strike-every 150-800] [--writes 30] [--no-postgres-kills]
 *   npm run chaos -- --scenario lost-replies --seed 1-10 --issues 200
 *   npm run chaos -- --scenario ping-pong --issues 1000
 *   npm run chaos -- --summary
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { paces } from './chaos/havoc.ts';
import type { Pace } from './chaos/havoc.ts';
import { lostReplies } from './chaos/lost-replies.ts';
import { pingPong } from './chaos/ping-pong.ts';
import { randomLoad } from './chaos/random-load.ts';
import { appendResult, linesOf, resultOf, summary } from './chaos/results.ts';
import type { ChaosOutcome } from './chaos/results.ts';
import { inWorld } from './chaos/world.ts';
import type { World } from './chaos/world.ts';

const { values } = parseArgs({
  options: {
    scenario: { type: 'string', default: 'random' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '1' },
    issues: { type: 'string' },
    writes: { type: 'string', default: '0' },
    workers: { type: 'string' },
    pace: { type: 'string', default: 'usual' },
    'strike-every': { type: 'string' },
    'no-postgres-kills': { type: 'boolean', default: false },
    results: { type: 'string', default: 'chaos-results' },
    summary: { type: 'boolean', default: false },
  },
});
const say = (line: string): void => void process.stdout.write(`${line}\n`);

interface Scenario {
  issues: number;
  /** Processes per node. */
  workers: number;
  run: (world: World, seed: number, issues: number) => Promise<ChaosOutcome>;
}

const scenarios: Record<string, Scenario> = {
  random: {
    issues: 30,
    workers: 2,
    run: (world, seed, issues) =>
      randomLoad(world, {
        seed,
        issues,
        minutes: Number(values.minutes),
        writes: Number(values.writes),
        pace: paceOf(),
        killPostgres: !values['no-postgres-kills'],
      }),
  },
  'lost-replies': { issues: 200, workers: 1, run: (world, seed, issues) => lostReplies(world, { seed, issues }) },
  'ping-pong': { issues: 1_000, workers: 1, run: (world, seed, issues) => pingPong(world, { seed, issues }) },
};

if (values.summary) {
  const { lines, clean } = await summary(values.results);
  for (const line of lines) say(line);
  process.exit(clean ? 0 : 1);
}
const scenario = scenarios[values.scenario];
if (scenario === undefined) throw new Error(`--scenario takes one of ${Object.keys(scenarios).join(', ')}.`);
let clean = true;
for (const seed of seeds()) clean = (await runOnce(scenario, seed)) && clean;
process.exit(clean ? 0 : 1);

async function runOnce(chosen: Scenario, seed: number): Promise<boolean> {
  const issues = Number(values.issues ?? chosen.issues);
  const workers = Number(values.workers ?? chosen.workers);
  const { scenario: name, minutes, pace, 'strike-every': strikeEvery } = values;
  const options = { issues, workers, ...(name === 'random' ? { minutes, pace: strikeEvery ?? pace } : {}) };
  const began = performance.now();
  try {
    const logFile = join(values.results, `${name}-${seed}.log`);
    await mkdir(values.results, { recursive: true });
    const outcome = await inWorld({ workers, logFile }, (world) => chosen.run(world, seed, issues));
    const seconds = (performance.now() - began) / 1000;
    const result = resultOf(outcome, { scenario: name, seed, options, seconds });
    for (const line of linesOf(result)) say(line);
    await appendResult(values.results, result);
    // Kept where there is something to find out.
    if (result.clean) await rm(logFile, { force: true });
    return result.clean;
  } catch (error) {
    await appendResult(values.results, { scenario: name, seed, error: String(error) });
    throw error;
  }
}

/** `7`, or `1-10` for ten runs. */
function seeds(): number[] {
  const [first, last] = range(values.seed);
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

function paceOf(): Pace {
  const named = new Map<string, Pace>(Object.entries(paces)).get(values.pace);
  if (named === undefined) throw new Error(`--pace takes one of ${Object.keys(paces).join(', ')}.`);
  return values['strike-every'] === undefined ? named : { ...named, betweenMs: range(values['strike-every']) };
}

function range(text: string): [from: number, to: number] {
  const [from, to = from] = text.split('-').map(Number);
  if (from === undefined || to === undefined || !(from <= to)) throw new Error(`"${text}" is not a number or a range.`);
  return [from, to];
}
