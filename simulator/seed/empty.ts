import type { Seed } from './types.ts';

/** An admin, a plain user, one project with every usual type and no issues. */
export function emptySeed(): Seed {
  return {
    users: [
      { name: 'admin', displayName: 'Alice Admin', groups: ['jira-administrators'] },
      { name: 'jane', displayName: 'Jane Doe' },
    ],
    projects: [
      {
        key: 'TEST',
        name: 'Test',
        issueTypes: ['Task', 'Bug', 'Improvement', 'Story', 'Epic', 'Sub-task'],
        defaultIssueType: 'Task',
      },
    ],
  };
}
