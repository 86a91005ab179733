import type { DurationLabels, Meter } from './durations.ts';

type Labels = DurationLabels<'jira_request'>;

/** Counts one finished exchange with the own Jira; `status` is null when no answer came. */
export function countJiraRequest(meter: Meter, request: { method: string; status: number | null; ms: number }): void {
  const { method, status, ms } = request;
  meter.observe('jira_request', { method: method as Labels['method'], outcome: outcomeOf(status) }, ms);
}

function outcomeOf(status: number | null): Labels['outcome'] {
  if (status === null) return 'no_answer';
  if (status === 429) return 'rate_limited';
  if (status >= 500) return 'failed';
  return status >= 400 ? 'refused' : 'ok';
}
