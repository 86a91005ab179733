/** Process of the bare loop: one job, one answer. */
import { runBareJob } from './jobs.ts';
import type { BareJob } from './jobs.ts';

process.once('message', (job) => {
  runBareJob(job as BareJob).then(
    (seconds) => process.send?.(seconds, () => process.exit(0)),
    (error: unknown) => {
      console.error('bare loop:', error);
      process.exit(1);
    },
  );
});
