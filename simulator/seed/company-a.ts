import { png } from './png.ts';
import type { Seed, SeedIssue } from './types.ts';

const TEST_ISSUES: SeedIssue[] = [
  {
    type: 'Bug',
    summary: 'Invoice PDF shows the wrong VAT rate for orders from Switzerland',
    description:
      'h3. What happens\r\nThe PDF shows *19 %* although the order says {{CH}}.\r\n\r\nh3. Steps\r\n# Open order 4711\r\n# Choose _Print invoice_\r\n\r\n{code}\r\nvat = rates[order.country] || rates.DE\r\n{code}\r\n\r\nExpected: 8.1 %',
    reporter: 'jonas',
    assignee: 'zofia',
    priority: 'High',
    labels: ['billing', 'customer'],
    minutesAgo: 2900,
    comments: [
      {
        author: 'zofia',
        body: 'I can reproduce it. The fallback in {{rates}} is the cause, see [the rate table|https://example.com/rates].',
      },
      { author: 'jonas', body: 'The customer asks for a corrected invoice by Friday.\r\nCan we promise that?' },
      { author: 'mei', body: 'Yes — the fix is small. 修正は簡単です。' },
    ],
    attachments: [
      { author: 'jonas', filename: 'invoice-4711.png', content: png(320, 200, [240, 240, 250], [40, 90, 180]) },
      { author: 'zofia', filename: 'Übersicht – Sätze 税率.txt', content: 'DE;19.0\r\nAT;20.0\r\nCH;8.1\r\n' },
    ],
  },
  {
    type: 'Epic',
    summary: 'Self-service portal for customers',
    description: 'Customers see and change their own data.\n\n* orders\n* invoices\n* addresses',
    reporter: 'admin',
    custom: { 'Epic Name': 'Portal' },
    minutesAgo: 2500,
  },
  {
    type: 'Story',
    summary: 'As a customer I want to download all my invoices at once',
    description: 'One ZIP file with all invoices of a year.',
    reporter: 'mei',
    assignee: 'admin',
    status: 'In Progress',
    minutesAgo: 1800,
    comments: [
      { author: 'admin', body: 'Let us start with the last twelve months.' },
      {
        author: 'admin',
        body: 'Internal: the archive for 2019 is incomplete.',
        visibility: { type: 'role', value: 'Administrators' },
      },
    ],
  },
  { type: 'Sub-task', parent: 2, summary: 'ZIP endpoint', reporter: 'mei', assignee: 'zofia', minutesAgo: 1700 },
  {
    type: 'Task',
    summary: 'Renew the TLS certificate of shop.example.com',
    description: 'Expires soon.',
    reporter: 'jonas',
    priority: 'Highest',
    labels: ['operations'],
    minutesAgo: 900,
    comments: [{ author: 'jonas', body: 'The new one is ordered.' }],
  },
  {
    type: 'Improvement',
    summary: 'Show thumbnails in the list of attachments',
    description: 'Saves a click for every picture.',
    reporter: 'zofia',
    priority: 'Low',
    minutesAgo: 400,
    attachments: [{ filename: 'sketch.png', content: png(200, 200, [250, 240, 220], [220, 120, 40]) }],
  },
  {
    type: 'Bug',
    summary: 'Search ignores umlauts & "quotes" <b>in names</b>',
    description: 'Typing Mueller does not find Müller.',
    reporter: 'mei',
    minutesAgo: 120,
  },
  {
    type: 'Task',
    summary: 'Translate the terms of use into Polish',
    description: null,
    reporter: 'admin',
    assignee: 'zofia',
    status: 'Done',
    minutesAgo: 60,
  },
];

/** Company A: a software house; every usual issue type. */
export function companyA(): Seed {
  return {
    users: [
      { name: 'admin', displayName: 'Alice Admin', groups: ['jira-administrators'] },
      { name: 'jonas', displayName: 'Jonas Müller', timeZone: 'Europe/Berlin' },
      { name: 'zofia', displayName: 'Zofia Wiśniewska', timeZone: 'Europe/Warsaw' },
      { name: 'mei', displayName: '田中 美咲', timeZone: 'Asia/Tokyo' },
    ],
    projects: [
      {
        key: 'TEST',
        name: 'Test',
        description: 'The shop and everything around it.',
        issueTypes: ['Task', 'Bug', 'Improvement', 'Story', 'Epic', 'Sub-task'],
        defaultIssueType: 'Task',
        components: ['Shop', 'Billing'],
        versions: ['1.0', '1.1'],
        issues: TEST_ISSUES,
      },
      {
        key: 'SD',
        name: 'Service Desk',
        description: 'Requests of customers.',
        lead: 'jonas',
        issueTypes: ['Task', 'Bug', 'Improvement', 'Sub-task'],
        defaultIssueType: 'Task',
        issues: [
          { type: 'Task', summary: 'New keyboard for the front office', reporter: 'jonas', minutesAgo: 1000 },
          {
            type: 'Bug',
            summary: 'Printer on the second floor prints only half pages',
            description: 'Since this morning.',
            reporter: 'zofia',
            minutesAgo: 300,
            comments: [{ author: 'jonas', body: 'Toner changed, please try again.' }],
          },
        ],
      },
    ],
  };
}
