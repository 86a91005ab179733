/**
 * Collects what a long stream leaves behind while it runs. Chunks of files are large buffers behind small objects, and V8
 * waits for 64 MB of them before it looks; a collection of the young generation takes about a millisecond and frees them.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

type Collect = (options: { type: 'minor' }) => void;

const everyBytes = 16 * 1024 * 1024;
let collect: Collect | null = null;

/** Told of each chunk's size as it passes. */
export function collectWhilePassing(): (bytes: number) => void {
  let passed = 0;
  return (bytes) => {
    passed += bytes;
    if (passed < everyBytes) return;
    passed = 0;
    collect ??= exposed();
    collect({ type: 'minor' });
  };
}

/** V8 shows its collector to contexts that are made after the flag was set, and to nobody else here. */
function exposed(): Collect {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as Collect;
}
