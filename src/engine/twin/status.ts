/** The status of a twin as the console names it (Entity Sync Status). */
export const twinStatuses = [
  'in_progress',
  'synchronized',
  'waiting_for_remote',
  'paused',
  'error',
  'remote_removed',
  'local_removed',
  'unexalated',
] as const;
export type TwinStatus = (typeof twinStatuses)[number];

export const twinStatusLabels: Record<TwinStatus, string> = {
  in_progress: 'In Progress',
  synchronized: 'Synchronized',
  waiting_for_remote: 'Waiting for remote',
  paused: 'Paused',
  error: 'Error',
  remote_removed: 'Remote issue removed',
  local_removed: 'Issue removed',
  unexalated: 'Not under sync',
};

/** Shown at once where a connection does not work, before the lanes of its pairs have noticed. */
export const pausable = ['in_progress', 'synchronized', 'waiting_for_remote'] as const satisfies readonly TwinStatus[];

export function shownStatus(status: TwinStatus, connectionActive: boolean): TwinStatus {
  return connectionActive || !pausable.some((one) => one === status) ? status : 'paused';
}

export interface TwinSituation {
  ended: 'unexalated' | 'remote_removed' | 'local_removed' | null;
  connectionPaused: boolean;
  error: boolean;
  remoteError: boolean;
  /** Everything received is shown by the local Jira. */
  realized: boolean;
  /** Everything local has been stored by the partner. */
  sent: boolean;
  /** The partner has carried out everything it was sent. */
  remoteApplied: boolean;
}

export function twinStatus(situation: TwinSituation): TwinStatus {
  if (situation.ended !== null) return situation.ended;
  if (situation.error) return 'error';
  if (situation.connectionPaused) return 'paused';
  if (!situation.realized || !situation.sent) return 'in_progress';
  if (situation.remoteError) return 'error';
  return situation.remoteApplied ? 'synchronized' : 'waiting_for_remote';
}
