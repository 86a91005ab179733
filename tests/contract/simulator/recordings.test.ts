import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Seed, Simulator } from '../../../simulator/index.ts';
import { basic, call, withSimulator } from './support.ts';

const FOLDER = join(import.meta.dirname, '../../../../shared/recordings');
const present = existsSync(FOLDER);
const files = present ? readdirSync(FOLDER).filter((name) => name.endsWith('.json')) : [];

interface Interaction {
  request: { method?: string; path: string; query?: string; body?: string };
  response: { status: number; header?: Record<string, string[]>; body?: string };
}

/** Recorded on other versions than 10.4.0, as their shapes show. */
const VERSIONS: Record<string, string> = {
  activity: '9.12.0',
  history: '9.12.0',
  'with-comments': '9.12.0',
  'comma-label': '9.12.0',
  'known-label': '9.12.0',
  'basic-refused': '11.3.0',
};

/** Paths a value of ours may have or lack because of data, not of shape. */
const DATA_DEPENDENT = [
  /avatarId/,
  /\.components\[\]/,
  /\.versions\[\]/,
  /allowedValues\[\]\.avatarId/,
  /fixVersions\[\]/,
  /\.description$/,
];

const SEED: Seed = {
  users: [
    { name: 'ada', displayName: 'Ada Lovelace', groups: ['jira-administrators'] },
    { name: 'grace', displayName: 'Grace Hopper' },
  ],
  projects: [
    {
      key: 'ENG',
      name: 'Engineering',
      lead: 'ada',
      description: 'Engineering',
      components: ['api'],
      versions: ['1.0'],
      issues: [
        {
          type: 'Epic',
          summary: 'An epic',
          reporter: 'ada',
          assignee: 'ada',
          custom: { 'Epic Name': 'Epic' },
          comments: [{ author: 'ada', body: 'one' }],
        },
        { type: 'Story', summary: 'Two', reporter: 'ada', assignee: 'ada', labels: ['pagination'] },
        { type: 'Task', summary: 'Three', reporter: 'ada', assignee: 'ada' },
        {
          type: 'Bug',
          summary: 'Four',
          reporter: 'ada',
          assignee: 'ada',
          labels: ['contract', 'truncation'],
          attachments: [{ filename: 'rows.csv', content: 'summary,status\nENG-1,To Do\n\n' }],
        },
        ...[5, 6, 7].map((n) => ({ type: 'Task', summary: `Issue ${n}`, reporter: 'ada', assignee: 'ada' })),
        {
          type: 'Task',
          summary: 'Eight',
          description: 'Text',
          reporter: 'ada',
          assignee: 'grace',
          comments: [{ author: 'ada', body: 'two' }],
        },
        ...[9, 10, 11, 12].map((n) => ({ type: 'Task', summary: `Issue ${n}`, reporter: 'ada', assignee: 'ada' })),
        { type: 'Sub-task', parent: 11, summary: 'Below twelve', reporter: 'ada', assignee: 'ada' },
      ],
    },
  ],
};

async function prepare(simulator: Simulator): Promise<void> {
  const ada = { auth: basic('ada') };
  await call(simulator, '/rest/api/2/issue/ENG-2/assignee', { ...ada, method: 'PUT', body: { name: 'grace' } });
  await call(simulator, '/rest/api/2/issue/ENG-2', {
    ...ada,
    method: 'PUT',
    body: { fields: { summary: 'Two, edited' } },
  });
  await call(simulator, '/rest/api/2/issue/ENG-2/assignee', { ...ada, method: 'PUT', body: { name: 'ada' } });
  await call(simulator, '/rest/api/2/issue/ENG-1', {
    ...ada,
    method: 'PUT',
    body: { fields: { priority: { name: 'High' } } },
  });
  await call(simulator, '/rest/api/2/issue/ENG-1/worklog', { ...ada, body: { timeSpent: '2h' } });
}

function typeOf(value: unknown): string {
  return value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value;
}

/** Every path of a JSON value with the types seen there. */
function shape(value: unknown, path = '$', into = new Map<string, Set<string>>()): Map<string, Set<string>> {
  into.set(path, (into.get(path) ?? new Set()).add(typeOf(value)));
  if (Array.isArray(value)) for (const one of value) shape(one, `${path}[]`, into);
  else if (value !== null && typeof value === 'object') {
    for (const [key, one] of Object.entries(value))
      shape(one, `${path}.${key.replace(/^customfield_\d+$/, 'customfield')}`, into);
  }
  return into;
}

/** Paths of `a` that `b` lacks or has with another type; null goes with anything, and hides what would be below it. */
function differences(a: Map<string, Set<string>>, b: Map<string, Set<string>>): string[] {
  const found: string[] = [];
  for (const [path, types] of a) {
    if (DATA_DEPENDENT.some((pattern) => pattern.test(path))) continue;
    const parent = path.replace(/(\.[^.[\]]+|\[\])$/, '');
    const other = b.get(path);
    if (other === undefined) {
      const above = b.get(parent);
      const cannotTell =
        above === undefined ||
        ![...above].some((type) => type === 'object') ||
        (path.endsWith('[]') && above.has('array'));
      if (!cannotTell) found.push(`${path}: ${[...types].join('|')}`);
    } else if (![...types].some((type) => other.has(type)) && !types.has('null') && !other.has('null')) {
      found.push(`${path}: ${[...types].join('|')} / ${[...other].join('|')}`);
    }
  }
  return found;
}

describe.skipIf(!present)(
  'answers have the status, content type and shape of recorded ones (needs ../shared/recordings)',
  () => {
    test.each(files)('%s', async (file) => {
      const { interactions } = JSON.parse(readFileSync(join(FOLDER, file), 'utf8')) as { interactions: Interaction[] };
      const name = file.replace(/^kmoneil__/, '').replace(/(-recorded)?\.datacenter\.json$/, '');
      const contextPath = interactions[0]?.request.path.startsWith('/jira/') === true ? '/jira' : '';
      await withSimulator({ version: '10.4.0', contextPath, seed: SEED }, async (simulator) => {
        await prepare(simulator);
        if (name === 'clone')
          await call(simulator, '/rest/api/2/issue/ENG-8', {
            auth: basic('ada'),
            method: 'PUT',
            body: { fields: { labels: [] } },
          });
        await simulator.control.configure({ version: VERSIONS[name] ?? '10.4.0' });
        for (const { request, response } of interactions) {
          const path = request.path.slice(contextPath.length);
          // a seeded id takes the place of the recorded one
          const here = path === '/rest/api/2/issue/ENG-8/comment/10001' ? await commentOfEight(simulator) : path;
          const answer = await call(simulator, `${here}${request.query === undefined ? '' : `?${request.query}`}`, {
            auth: basic('ada'),
            method: request.method ?? 'GET',
            ...(request.body === undefined ? {} : { body: request.body }),
          });
          expect(answer.status, `${request.method ?? 'GET'} ${path}: ${answer.text}`).toBe(response.status);
          expect(answer.headers.get('content-type')).toBe(response.header?.['Content-Type']?.[0]);
          if (response.body === undefined || response.body === '' || answer.body === null) {
            expect(answer.text === '').toBe(response.body === undefined || response.body === '');
            continue;
          }
          const [ours, theirs] = [shape(answer.body), shape(JSON.parse(response.body))];
          expect({ missing: differences(theirs, ours), unexpected: differences(ours, theirs) }).toEqual({
            missing: [],
            unexpected: [],
          });
          if (response.status >= 400) expect(answer.body).toEqual(JSON.parse(response.body));
        }
      });
    });
  },
);

async function commentOfEight(simulator: Simulator): Promise<string> {
  const { body } = await call(simulator, '/rest/api/2/issue/ENG-8/comment', { auth: basic('ada') });
  return `/rest/api/2/issue/ENG-8/comment/${body.comments[0].id}`;
}
