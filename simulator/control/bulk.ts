import type { Jira } from '../core/jira.ts';
import { makeIssue } from '../seed/issues.ts';
import type { ControlApi } from './api.ts';
import { projectNamed } from './lookup.ts';

/** Many issues for load tests, without webhooks. */
export function bulkIssues(
  jira: Jira,
  args: Parameters<ControlApi['createIssues']>[0],
): { first: string; last: string } {
  const keys: string[] = [];
  const comments = Array.from({ length: args.commentsEach ?? 0 }, (_one, index) => ({
    author: 'admin',
    body: `Comment ${index + 1}`,
  }));
  jira.webhooks.silent = true;
  try {
    for (let count = 1; count <= args.count; count += 1) {
      const summary = `${args.summary ?? 'Issue'} ${count}`;
      const project = projectNamed(jira, args.project);
      keys.push(makeIssue(jira, project, { type: args.type ?? 'Task', summary, reporter: 'admin', comments }, []).key);
    }
  } finally {
    jira.webhooks.silent = false;
  }
  return { first: keys[0] ?? '', last: keys.at(-1) ?? '' };
}
