import type { ScenarioReport } from '../lib/report.ts';
import { filesEach } from '../lib/scale.ts';
import type { Scale } from '../lib/scale.ts';
import type { World } from '../lib/world.ts';
import { idle } from './idle.ts';
import { initialSync } from './initial.ts';
import { largeFile } from './large-file.ts';
import { live } from './live.ts';
import { manyTwins } from './many-twins.ts';

export interface Scenario {
  name: string;
  run(world: World): Promise<ScenarioReport>;
}

/** For `--only`; several runs may share a name. */
export const scenarioNames: readonly string[] = [
  'idle',
  'initial',
  'attachments',
  'live',
  'polling',
  'large-file',
  'many-twins',
];

/** In an order in which none is disturbed by what an earlier one leaves behind. */
export function scenarios(scale: Scale): Scenario[] {
  const { pollSeconds } = scale;
  return [
    { name: 'idle', run: (world) => idle(world, { seconds: scale.idleSeconds, pollSeconds }) },
    ...scale.latenciesMs.map((latencyMs) => ({
      name: 'initial',
      run: (world: World) => initialSync(world, { count: scale.issues, filesEach: 0, latencyMs }),
    })),
    ...scale.fileLatenciesMs.map((latencyMs) => ({
      name: 'attachments',
      run: (world: World) => initialSync(world, { count: scale.issuesWithFiles, filesEach, latencyMs }),
    })),
    {
      name: 'live',
      run: (world) => live(world, { edits: scale.edits, everyMs: scale.editsEveryMs, pollSeconds: null }),
    },
    {
      name: 'polling',
      run: (world) => live(world, { edits: scale.polledEdits, everyMs: scale.polledEditsEveryMs, pollSeconds }),
    },
    { name: 'large-file', run: (world) => largeFile(world, { bytes: scale.largeFileBytes }) },
    {
      name: 'many-twins',
      run: (world) => manyTwins(world, { twins: scale.manyTwins, edits: scale.editsAmongTwins }),
    },
  ];
}
