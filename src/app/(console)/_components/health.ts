export interface HealthInput {
  jiraState: string;
  jiraDetail: string | null;
  worker: boolean;
  databaseFull: { summary: string } | null;
  openErrors: number;
}

/** One sentence and one colour for how the node is. */
export function health({ jiraState, jiraDetail, worker, databaseFull, openErrors }: HealthInput): {
  label: string;
  dot: string;
} {
  if (databaseFull) return { label: `Not working: ${databaseFull.summary}`, dot: 'bg-danger' };
  if (jiraState !== 'ok')
    return { label: `Not working: ${jiraDetail ?? 'the own Jira does not answer as it should.'}`, dot: 'bg-danger' };
  if (!worker)
    return { label: 'Not working: no worker process is running, so nothing is synchronised.', dot: 'bg-danger' };
  if (openErrors > 0) return { label: 'Working, with open errors.', dot: 'bg-warning' };
  return { label: 'Working.', dot: 'bg-success' };
}
