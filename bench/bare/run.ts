import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { BareJob } from './jobs.ts';

/** Runs the job in a process of its own; gives the seconds that it took there. */
export async function runBare(job: BareJob): Promise<number> {
  const child = fork(fileURLToPath(new URL('process.ts', import.meta.url)));
  const failed = once(child, 'exit').then(() => {
    throw new Error('The bare loop ended without a result.');
  });
  child.send(job);
  const [seconds] = await Promise.race([once(child, 'message'), failed]);
  await failed.catch(() => undefined);
  return Number(seconds);
}
