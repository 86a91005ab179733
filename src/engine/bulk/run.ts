/** Long work that an admin started, and how far it is. */
export const runKinds = ['exalate', 'unexalate', 'connect', 'clean_up'] as const;
export type RunKind = (typeof runKinds)[number];

export const runKindLabels: Record<RunKind, string> = {
  exalate: 'Bulk Exalate',
  unexalate: 'Bulk Unexalate',
  connect: 'Bulk Connect',
  clean_up: 'Clean-up',
};

export const runStatuses = ['queued', 'running', 'cancelled', 'done'] as const;
export type RunStatus = (typeof runStatuses)[number];

export interface RunProgress {
  done: number;
  total: number;
  failed: number;
  /** Null while nothing can be said yet, and once the run has ended. */
  estimateSeconds: number | null;
}

export function runProgress(
  run: { done: number; total: number; failed: number; startedAt: Date | null; endedAt: Date | null },
  nowMs: number,
): RunProgress {
  const { done, total, failed } = run;
  const finished = done + failed;
  const left = Math.max(0, total - finished);
  const elapsedMs = run.startedAt === null ? 0 : nowMs - run.startedAt.getTime();
  const known = run.endedAt === null && finished > 0 && elapsedMs > 1_000;
  return { done, total, failed, estimateSeconds: known ? Math.ceil((elapsedMs / finished / 1000) * left) : null };
}
