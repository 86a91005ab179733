/** Scenarios of a console with very many issues: one node without a partner, seeded once for all of them. */
import { startConsoleWorld } from '../lib/console-world.ts';
import type { ConsoleWorld } from '../lib/console-world.ts';
import type { ScenarioReport } from '../lib/report.ts';
import type { Scale } from '../lib/scale.ts';
import { consoleAtScale } from './console.ts';
import { streamToPages } from './stream.ts';

const sizes = {
  full: { twins: 100_000, times: 40, seconds: 20, screenCommits: 60 },
  quick: { twins: 10_000, times: 10, seconds: 5, screenCommits: 10 },
} satisfies Record<Scale['name'], unknown>;

export interface AloneScenario {
  name: string;
  run(): Promise<ScenarioReport>;
}

/** `defer` is told how to end what was started. */
export function scenariosAtScale(scale: Scale, defer: (end: () => Promise<void>) => void): AloneScenario[] {
  const { twins, times, seconds, screenCommits } = sizes[scale.name];
  let started: Promise<ConsoleWorld> | null = null;
  const world = (): Promise<ConsoleWorld> => {
    if (started === null) {
      const starting = startConsoleWorld(twins);
      started = starting;
      defer(async () => (await starting).stop());
    }
    return started;
  };
  const loads = [
    { streams: 1, perSecond: 2, seconds },
    { streams: 50, perSecond: 20, seconds },
  ];
  return [
    { name: 'console', run: async () => consoleAtScale(await world(), { twins, times }) },
    { name: 'stream', run: async () => streamToPages(await world(), { loads, screenCommits }) },
  ];
}
