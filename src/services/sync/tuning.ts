/**
 * The times and sizes of sync, and the moments at which a test may end a lane as `kill -9` would. Production uses the defaults and
 * arms nothing; tests pass shorter times in `ctx.sync`.
 */
import type { Room } from '#/engine/replica/delta.ts';
import type { ServiceContext } from '../context.ts';

export interface SyncTuning {
  /** A lane whose owner has not renewed it for so long is taken over. */
  readonly leaseMs: number;
  /** How long Jira may still be busy with a request whose connection is gone. */
  readonly settleMs: number;
  /** Between two looks for the evidence of a write of unknown outcome. */
  readonly askAgainMs: number;
  /** How much of a twin one message carries; what is left goes into the next. */
  readonly message: Room;
  /** Called at each {@link CrashPoint}; a {@link Crash} thrown there leaves the lane as a killed process would. */
  readonly crashPoint?: (point: CrashPoint, twinId: string | null) => void;
}

/** In the order in which one write and its message pass them. */
export const crashPoints = [
  'request stored',
  'before intent',
  'intent stored',
  'during upload',
  'written',
  'recorded',
  'before send',
  'sent',
] as const;
export type CrashPoint = (typeof crashPoints)[number];

export class Crash extends Error {
  override readonly name = 'Crash';
}

const usual: SyncTuning = {
  leaseMs: 20_000,
  settleMs: 20_000,
  askAgainMs: 2_000,
  // Far below the 16 MiB that a request may have: one entry that is larger than this still fits into a message of its own.
  message: { bytes: 4_000_000, entries: 1_000 },
};

export function tuningOf(ctx: ServiceContext): SyncTuning {
  return ctx.sync === undefined ? usual : { ...usual, ...ctx.sync };
}

export function passCrashPoint(ctx: ServiceContext, point: CrashPoint, twinId: string | null): void {
  ctx.sync?.crashPoint?.(point, twinId);
}
