/** Statuses of twins as they can be filtered by, with their labels. */
export const twinStatusChoices = [
  { value: 'in_progress', label: 'In Progress' },
  { value: 'synchronized', label: 'Synchronized' },
  { value: 'waiting_for_remote', label: 'Waiting for remote' },
  { value: 'paused', label: 'Paused' },
  { value: 'error', label: 'Error' },
  { value: 'remote_removed', label: 'Remote issue removed' },
  { value: 'local_removed', label: 'Issue removed' },
  { value: 'unexalated', label: 'Not under sync' },
] as const;
