/** `npm run bench`: measures two nodes between two simulated Jiras; prints a table and writes JSON to bench-results/. */
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { endOnFailure } from '../scripts/lib/end-on-failure.ts';
import { projectRoot } from '../scripts/lib/owned-process.ts';
import { createShutdown } from '../scripts/lib/shutdown.ts';
import { full, quick } from './lib/scale.ts';
import type { Scale } from './lib/scale.ts';
import type { ScenarioReport } from './lib/report.ts';
import { render } from './lib/table.ts';
import { startWorld } from './lib/world.ts';
import type { World } from './lib/world.ts';
import { scenariosAtScale } from './scenarios/at-scale.ts';
import { scenarioNames, scenarios } from './scenarios/index.ts';
import type { WorldKind } from './scenarios/index.ts';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    /** Jira latencies of the initial syncs in milliseconds, in place of the usual ones. */
    latency: { type: 'string', multiple: true, default: [] },
    /** Folder for CPU profiles of the nodes' processes. */
    profile: { type: 'string' },
  },
});

await endOnFailure(async () => {
  const unknown = values.only.filter((name) => !scenarioNames.includes(name));
  if (unknown.length > 0) throw new Error(`There is no ${unknown.join(', ')}. There are: ${scenarioNames.join(', ')}.`);
  const shutdown = createShutdown((text) => console.log(text));
  const exitCode = await run().catch((error: unknown) => {
    console.error(error);
    return 1;
  });
  await shutdown.exit(exitCode);

  async function run(): Promise<number> {
    const scale = withLatencies(values.quick ? quick : full, values.latency.map(Number));
    const started = performance.now();
    const worlds = new Map<WorldKind, World>();
    const worldOf = async (kind: WorldKind): Promise<World> => {
      const known = worlds.get(kind);
      if (known !== undefined) return known;
      const options = { pollSeconds: scale.pollSeconds, profile: values.profile ?? null };
      const world = await startWorld({ ...options, privateB: kind === 'private' });
      shutdown.defer(() => world.stop());
      worlds.set(kind, world);
      return world;
    };
    const reports: Array<ScenarioReport & { name: string }> = [];
    const runs = [
      ...scenarios(scale).map(({ name, world, run: measure }) => ({
        name,
        run: async () => measure(await worldOf(world ?? 'open')),
      })),
      ...scenariosAtScale(scale, (end) => shutdown.defer(end)),
    ];
    for (const { name, run: measure } of runs) {
      if (values.only.length > 0 && !values.only.includes(name)) continue;
      const begun = performance.now();
      const report = await measure();
      reports.push({ name, ...report });
      console.log(render(report, (performance.now() - begun) / 1000));
      if (shutdown.signal.aborted) return 1;
    }
    const seconds = Math.round((performance.now() - started) / 1000);
    const file = await write({ scale: scale.name, seconds, machine: machine(), reports });
    const missed = reports.flatMap(({ title, rows }) =>
      rows.filter(({ target }) => target?.met === false).map(({ what }) => `${title}: ${what}`),
    );
    console.log(`${seconds} s in all; data in ${file}`);
    console.log(missed.length === 0 ? 'All targets met.' : `Not met:\n  ${missed.join('\n  ')}`);
    return 0;
  }
});

function withLatencies(scale: Scale, latenciesMs: readonly number[]): Scale {
  return latenciesMs.length === 0 ? scale : { ...scale, latenciesMs, fileLatenciesMs: latenciesMs };
}

function machine(): { cores: number; model: string; node: string } {
  return { cores: availableParallelism(), model: cpus()[0]?.model ?? 'unknown', node: process.version };
}

async function write(result: unknown): Promise<string> {
  const folder = join(projectRoot, 'bench-results');
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${new Date().toISOString().replaceAll(':', '-').slice(0, 19)}.json`);
  await writeFile(file, `${JSON.stringify(result, null, 2)}\n`);
  return file;
}
