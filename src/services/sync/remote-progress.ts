import { z } from 'zod';
import { progressSchema } from '#/engine/protocol/messages.ts';

const remoteProgressSchema = progressSchema
  .extend({
    subtask: z.boolean(),
    parentTwin: z.uuid().nullable(),
    /** Since when the local issue of that parent is waited for, epoch milliseconds. */
    parentAwaitedMs: z.number(),
  })
  .partial();

/** What the partner last said of its own work on the twin, and of the place of its issue among sub-tasks (A4). */
export type RemoteProgress = z.infer<typeof remoteProgressSchema>;

export function remoteProgress(twin: { remoteProgress: unknown }): RemoteProgress {
  return remoteProgressSchema.catch({}).parse(twin.remoteProgress ?? {});
}

export function hasRemoteError(twin: { remoteProgress: unknown }): boolean {
  return (remoteProgress(twin).error ?? null) !== null;
}
