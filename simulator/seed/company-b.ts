import { png } from './png.ts';
import type { Seed } from './types.ts';

/** Company B: a service provider. Its support project has neither Improvement nor Epic. */
export function companyB(): Seed {
  return {
    users: [
      { name: 'admin', displayName: 'Bob Admin', groups: ['jira-administrators'] },
      { name: 'carla', displayName: 'Carla Núñez', timeZone: 'America/New_York' },
      { name: 'oleh', displayName: 'Олег Коваленко', timeZone: 'Europe/Kyiv' },
      { name: 'sam', displayName: 'Sam O’Neill', timeZone: 'Europe/Dublin' },
    ],
    projects: [
      {
        key: 'SUP',
        name: 'Support',
        description: 'What customers report.',
        lead: 'carla',
        issueTypes: ['Task', 'Bug', 'Sub-task'],
        defaultIssueType: 'Task',
        issues: [
          {
            type: 'Bug',
            summary: 'Export stops at 10,000 rows',
            description: 'The file ends without an error.\r\n\r\n{noformat}\r\nrows: 10000\r\n{noformat}',
            reporter: 'carla',
            assignee: 'oleh',
            priority: 'High',
            minutesAgo: 2000,
            comments: [
              { author: 'oleh', body: 'The limit is in the query, not in the export.' },
              { author: 'carla', body: 'Two more customers have it.' },
            ],
            attachments: [
              {
                author: 'carla',
                filename: 'export screen.png',
                content: png(300, 180, [230, 250, 235], [30, 140, 90]),
              },
            ],
          },
          { type: 'Task', summary: 'Order new headsets', reporter: 'sam', priority: 'Low', minutesAgo: 1500 },
          { type: 'Sub-task', parent: 1, summary: 'Ask for three offers', reporter: 'sam', minutesAgo: 1400 },
          {
            type: 'Task',
            summary: 'Call back Nordwind Ltd.',
            description: 'They want to know the _date_ of the next release.',
            reporter: 'oleh',
            status: 'In Progress',
            minutesAgo: 500,
            comments: [
              {
                author: 'admin',
                body: 'Do not name a date yet.',
                visibility: { type: 'role', value: 'Administrators' },
              },
            ],
          },
        ],
      },
      {
        key: 'DEV',
        name: 'Development',
        description: 'What we build.',
        issueTypes: ['Story', 'Task', 'Bug', 'Epic', 'Sub-task'],
        defaultIssueType: 'Story',
        components: ['API', 'Web'],
        issues: [
          {
            type: 'Epic',
            summary: 'Version 5',
            description: 'Everything for the spring release.',
            reporter: 'admin',
            custom: { 'Epic Name': 'v5' },
            minutesAgo: 2600,
          },
          {
            type: 'Story',
            summary: 'Streaming export',
            description: 'No more limit on rows.',
            reporter: 'oleh',
            assignee: 'oleh',
            minutesAgo: 1200,
            labels: ['export'],
          },
          { type: 'Bug', summary: 'Login page flickers in dark mode', reporter: 'sam', minutesAgo: 200 },
          { type: 'Task', summary: 'Update the build machines', reporter: 'admin', status: 'Done', minutesAgo: 90 },
        ],
      },
    ],
  };
}
