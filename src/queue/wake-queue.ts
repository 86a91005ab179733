/**
 * Wake-up calls between processes, on pg-boss. A call carries only the id of a twin: the work itself is in our tables, so
 * a lost or doubled call costs time at most. A call is done as soon as a worker has taken it on.
 */
import { PgBoss } from 'pg-boss';
import type { Logger } from '#/observability/logger.ts';

const queue = 'lane';
const batchSize = 50;

export interface WakeQueue {
  send(twinIds: readonly string[]): Promise<void>;
  /** `take` resolves when the worker has room for more. */
  work(take: (twinIds: readonly string[]) => Promise<void>): Promise<void>;
  stop(): Promise<void>;
}

export async function openWakeQueue(
  databaseUrl: string,
  options: { role: 'sender' | 'worker'; logger: Logger },
): Promise<WakeQueue> {
  const working = options.role === 'worker';
  const boss = new PgBoss({
    connectionString: databaseUrl,
    application_name: `exalate-wake-${options.role}`,
    max: working ? 4 : 2,
    supervise: working,
    schedule: false,
    useListenNotify: working,
  });
  boss.on('error', (error) => options.logger.warn({ err: error }, 'wake-up queue'));
  await boss.start();
  await boss.createQueue(queue, { policy: 'short', notify: true, retryLimit: 0, deleteAfterSeconds: 60 });

  return {
    async send(twinIds) {
      if (twinIds.length === 0) return;
      const unique = [...new Set(twinIds)];
      await boss.insert(
        queue,
        unique.map((twinId) => ({ data: { twinId }, singletonKey: twinId })),
      );
    },
    async work(take) {
      await boss.work<{ twinId: string }>(
        queue,
        { batchSize, burstWhenBatchFull: true, pollingIntervalSeconds: 2, notifyPollingIntervalSeconds: 5 },
        (jobs) => take(jobs.map((job) => job.data.twinId)),
      );
    },
    stop: () => boss.stop({ graceful: true, timeout: 5_000 }),
  };
}
