import type { Jira } from '../core/jira.ts';
import type { ChangeItem, IssueRecord } from '../store/records.ts';
import { item } from './changelog.ts';

/** Seconds spent on one or several issues together; null when nothing was ever logged. */
export interface Times {
  spent: number | null;
  estimate: number | null;
}

function sum(values: (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((total, value) => total + value, 0);
}

export function timesOf(jira: Jira, issue: IssueRecord): Times {
  const spent = sum(jira.store.worklogsOf.of(issue.id).map((log) => log.timeSpentSeconds));
  return { spent, estimate: issue.timeEstimate ?? null };
}

/** With the sub-tasks, as the fields with a Σ in their names count. */
export function aggregateTimesOf(jira: Jira, issue: IssueRecord): Times {
  const all = [issue, ...jira.store.subtasksOf.of(issue.id)].map((one) => timesOf(jira, one));
  return { spent: sum(all.map(({ spent }) => spent)), estimate: sum(all.map(({ estimate }) => estimate)) };
}

export function progressBean({ spent, estimate }: Times): Record<string, number> {
  const progress = spent ?? 0;
  const total = progress + (estimate ?? 0);
  return { progress, total, ...(total === 0 ? {} : { percent: Math.floor((100 * progress) / total) }) };
}

/** `2h 30m` as the server writes it back. */
export function duration(seconds: number): string {
  const units: [number, string][] = [[144_000, 'w'], [28_800, 'd'], [3600, 'h'], [60, 'm']]; // prettier-ignore
  let rest = seconds;
  const parts: string[] = [];
  for (const [size, unit] of units) {
    const count = Math.floor(rest / size);
    if (count > 0) parts.push(`${count}${unit}`);
    rest -= count * size;
  }
  return parts.join(' ') || '0m';
}

/** The field `timetracking`: only what there is. Original estimates are not kept. */
export function trackingBean({ spent, estimate }: Times): Record<string, unknown> {
  return {
    ...(estimate === null ? {} : { remainingEstimate: duration(estimate) }),
    ...(spent === null ? {} : { timeSpent: duration(spent) }),
    ...(estimate === null ? {} : { remainingEstimateSeconds: estimate }),
    ...(spent === null ? {} : { timeSpentSeconds: spent }),
  };
}

/** The history of a change of worklogs, as recorded: the two sums as far as they changed, then the worklog's id as what it was. */
export function worklogItems(before: Times, after: Times, worklogId: string): ChangeItem[] {
  const text = (seconds: number | null): string | null => (seconds === null ? null : String(seconds));
  const changed = (field: string, from: number | null, to: number | null): ChangeItem[] =>
    from === to ? [] : [item(field, text(from), text(from), text(to), text(to))];
  return [
    ...changed('timeestimate', before.estimate, after.estimate),
    ...changed('timespent', before.spent, after.spent),
    item('WorklogId', worklogId, worklogId, null, null),
  ];
}
