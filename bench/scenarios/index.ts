import type { ScenarioReport } from '../lib/report.ts';
import { filesEach } from '../lib/scale.ts';
import type { Scale } from '../lib/scale.ts';
import { reversed } from '../lib/world.ts';
import type { World } from '../lib/world.ts';
import { idle } from './idle.ts';
import { initialSync } from './initial.ts';
import { largeFile } from './large-file.ts';
import { live } from './live.ts';
import { manyTwins } from './many-twins.ts';

/** `private`: company B's node only ever calls out. */
export type WorldKind = 'open' | 'private';

export interface Scenario {
  name: string;
  /** `open` unless said otherwise. */
  world?: WorldKind;
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
  'private',
  'console',
  'stream',
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
    ...[false, true].map((back) => ({
      name: 'private',
      world: 'private' as const,
      run: (world: World) =>
        live(back ? reversed(world) : world, {
          edits: scale.polledEdits,
          everyMs: scale.editsEveryMs,
          pollSeconds: null,
          how: back ? 'from a private node' : 'to a private node',
        }),
    })),
    ...[false, true].map((back) => ({
      name: 'private',
      world: 'private' as const,
      run: (world: World) =>
        largeFile(back ? reversed(world) : world, {
          bytes: scale.largeFileBytes,
          how: back ? 'from a private node' : 'to a private node',
        }),
    })),
  ];
}
