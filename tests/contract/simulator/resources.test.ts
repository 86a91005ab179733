import { describe, expect, test } from 'vitest';
import { basic, call, newIssue, withSimulator } from './support.ts';

const API = '/rest/api/2';

describe('paths and errors', () => {
  test('a slash at the end of a REST path changes nothing', async () => {
    await withSimulator({ contextPath: '/jira' }, async (simulator) => {
      const { key } = await newIssue(simulator);
      for (const path of [`${API}/issue/${key}/`, '/rest/api/latest/myself/', `${API}/issue/${key}/comment/`])
        expect((await call(simulator, path)).status, path).toBe(200);
    });
  });

  test('a path that is not there is named whole, in the envelope of the REST framework', async () => {
    await withSimulator({ version: '8.0.0' }, async (simulator) => {
      const { key } = await newIssue(simulator);
      const paths = [`${API}/nonsense`, `${API}/issue/${key}/changelog`, `${API}/issue/createmeta/TEST/issuetypes`];
      for (const path of [...paths, '/rest/pat/latest/tokens', '/rest/jira-webhook/1.0/webhooks']) {
        const { status, body } = await call(simulator, path);
        expect([status, body]).toEqual([404, { message: `null for uri: ${simulator.url}${path}`, 'status-code': 404 }]);
      }
    });
  });

  test('a refused password is answered with the base URL as OAuth realm, and everybody is given an XSRF token', async () => {
    await withSimulator({}, async (simulator) => {
      const wrong = await call(simulator, `${API}/myself`, { auth: basic('jane', 'wrong') });
      expect(wrong.headers.get('www-authenticate')).toBe(`OAuth realm="${encodeURIComponent(simulator.url)}"`);
      const right = (await call(simulator, `${API}/myself`)).headers.getSetCookie();
      expect(right).toEqual([
        expect.stringMatching(/^JSESSIONID=/),
        expect.stringMatching(/^atlassian\.xsrf\.token=[\w-]+_[0-9a-f]{40}_lin; Path=\/$/),
      ]);
      const headers = { cookie: 'atlassian.xsrf.token=x' };
      expect((await call(simulator, `${API}/serverInfo`, { auth: null, headers })).headers.getSetCookie()).toEqual([]);
    });
  });

  test.each([
    ['7.6.1', 76_001],
    ['7.13.0', 713_000],
    ['8.5.4', 805_004],
    ['8.20.10', 820_010],
    ['9.4.0', 940_000],
    ['9.12.2', 9_120_002],
    ['10.4.0', 10_040_001],
  ])('the build number of %s is %i', async (version, build) => {
    await withSimulator({ version }, async (simulator) => {
      expect((await call(simulator, `${API}/serverInfo`)).body.buildNumber).toBe(build);
    });
  });

  test('the key of an account is its login name before 8.4', async () => {
    for (const [version, key] of [
      ['8.3.0', 'jane'],
      ['8.4.0', 'JIRAUSER10001'],
    ] as const) {
      await withSimulator({ version }, async (simulator) => {
        expect((await call(simulator, `${API}/user?username=jane`)).body.key).toBe(key);
      });
    }
  });
});

describe('lists and single things', () => {
  test('statuses by name, categories, resolutions and link types one by one', async () => {
    await withSimulator({}, async (simulator) => {
      const get = async (path: string): Promise<unknown> => (await call(simulator, `${API}/${path}`)).body;
      expect(await get('status/Done')).toMatchObject({ id: '10001', statusCategory: { key: 'done' } });
      const { body: categories } = await call(simulator, `${API}/statuscategory`);
      expect(categories.map((one: { key: string }) => one.key)).toEqual(['undefined', 'new', 'indeterminate', 'done']);
      expect(await get('statuscategory/4')).toMatchObject({ key: 'indeterminate' });
      expect(await get('statuscategory/done')).toMatchObject({ id: 3 });
      expect(await get('resolution/10000')).toMatchObject({ name: 'Done' });
      expect(await get('issueLinkType/10003')).toMatchObject({ name: 'Relates' });
      expect((await call(simulator, `${API}/issueLinkType/1`)).status).toBe(404);
    });
  });

  test('the types of a project are in one order in itself and its statuses, in another in createmeta', async () => {
    await withSimulator({}, async (simulator) => {
      const names = (list: { name: string }[]): string[] => list.map((one) => one.name);
      const { issueTypes } = (await call(simulator, `${API}/project/TEST`)).body;
      const statuses = (await call(simulator, `${API}/project/TEST/statuses`)).body;
      const { values } = (await call(simulator, `${API}/issue/createmeta/TEST/issuetypes`)).body;
      expect(names(issueTypes)).toEqual(['Task', 'Bug', 'Improvement', 'Story', 'Epic', 'Sub-task']);
      expect(names(statuses)).toEqual(names(issueTypes));
      expect(names(values)).toEqual(['Epic', 'Story', 'Task', 'Sub-task', 'Bug', 'Improvement']);
    });
  });

  test('the members of a group, whole or by pages, are for admins to see', async () => {
    await withSimulator({}, async (simulator) => {
      const path = `${API}/group?groupname=jira-software-users`;
      expect((await call(simulator, path)).body.users).toMatchObject({ size: 2, items: [] });
      expect((await call(simulator, `${path}&expand=users`)).body).toMatchObject({
        name: 'jira-software-users',
        users: { size: 2, items: [{ name: 'admin' }, { name: 'jane' }] },
      });
      const page = await call(simulator, `${API}/group/member?groupname=jira-software-users&startAt=1`);
      expect(page.body).toMatchObject({ total: 2, startAt: 1, isLast: true, values: [{ name: 'jane' }] });
      expect((await call(simulator, `${API}/group?groupname=nobody`)).status).toBe(404);
      expect((await call(simulator, path, { auth: basic('jane') })).status).toBe(403);
    });
  });

  test('votes are given and taken back, but not to an issue one has reported', async () => {
    await withSimulator({}, async (simulator) => {
      const { key } = await newIssue(simulator);
      const path = `${API}/issue/${key}/votes`;
      const jane = { auth: basic('jane') };
      expect((await call(simulator, path, { method: 'POST' })).status).toBe(404);
      expect((await call(simulator, path, { ...jane, method: 'POST' })).status).toBe(204);
      expect((await call(simulator, path, jane)).body).toMatchObject({
        votes: 1,
        hasVoted: true,
        voters: [{ name: 'jane' }],
      });
      expect((await call(simulator, `${API}/issue/${key}`)).body.fields.votes).toMatchObject({
        votes: 1,
        hasVoted: false,
      });
      expect((await call(simulator, path, { ...jane, method: 'DELETE' })).status).toBe(204);
      expect((await call(simulator, path, jane)).body.votes).toBe(0);
    });
  });
});

describe('fields', () => {
  test('time tracking and votes are fields of an issue; key and images only columns', async () => {
    await withSimulator({}, async (simulator) => {
      const { key } = await newIssue(simulator);
      const subtask = { issuetype: { name: 'Sub-task' }, parent: { key } };
      const below = await newIssue(simulator, subtask);
      await call(simulator, `${API}/issue/${below.key}/worklog`, { body: { timeSpent: '2h' } });
      const { fields } = (await call(simulator, `${API}/issue/${key}`)).body;
      expect(fields).toMatchObject({
        timespent: null,
        timeestimate: null,
        timeoriginalestimate: null,
        timetracking: {},
        progress: { progress: 0, total: 0 },
        security: null,
        aggregatetimespent: 7200,
        aggregatetimeestimate: 0,
        aggregatetimeoriginalestimate: null,
        aggregateprogress: { progress: 7200, total: 7200, percent: 100 },
      });
      const { timetracking } = (await call(simulator, `${API}/issue/${below.key}`)).body.fields;
      expect(timetracking).toEqual({
        remainingEstimate: '0m',
        timeSpent: '2h',
        remainingEstimateSeconds: 0,
        timeSpentSeconds: 7200,
      });
      const found = (await call(simulator, `${API}/search?jql=key=${below.key}`)).body.issues[0].fields;
      expect([found.timespent, found.votes.votes, found.timetracking]).toEqual([7200, 0, undefined]);
      const listed = (await call(simulator, `${API}/field`)).body.map((one: { id: string }) => one.id);
      expect(listed).toEqual(expect.arrayContaining(['issuekey', 'thumbnail', 'votes', 'timetracking', 'security']));
      expect(Object.keys(fields)).not.toContain('thumbnail');
    });
  });

  test('renderedFields has texts as HTML, and times and sizes as people read them', async () => {
    await withSimulator({}, async (simulator) => {
      await simulator.control.configure({ clockOffsetMs: Date.UTC(2026, 7, 11, 17, 48) - Date.now() });
      const { key } = await newIssue(simulator, { description: '*bold*' });
      await call(simulator, `${API}/issue/${key}/comment`, { body: { body: '_hm_' } });
      await simulator.control.createAttachment({ key, filename: 'a.bin', bytes: 20_000 });
      const { renderedFields } = (await call(simulator, `${API}/issue/${key}?expand=renderedFields`)).body;
      const time = '11/Aug/26 5:48 PM';
      expect(renderedFields).toMatchObject({
        description: '<p><b>bold</b></p>',
        created: time,
        updated: time,
        summary: null,
        comment: { total: 1, comments: [{ body: '<p><em>hm</em></p>', created: time, updated: time }] },
        attachment: [{ filename: 'a.bin', created: time, size: '19 kB' }],
      });
    });
  });
});

test('the content URL is escaped as Java does it, and leads to the file', async () => {
  await withSimulator({}, async (simulator) => {
    const { key } = await newIssue(simulator);
    const filename = "it's ~a~ (b)! *c* [d]-e_f.txt";
    const { id } = await simulator.control.createAttachment({ key, filename, bytes: 10 });
    const { content } = (await call(simulator, `${API}/attachment/${id}`)).body;
    expect(content).toBe(`${simulator.url}/secure/attachment/${id}/it%27s+%7Ea%7E+%28b%29%21+*c*+%5Bd%5D-e_f.txt`);
    const file = await fetch(content, { headers: { authorization: basic('admin') } });
    expect([file.status, (await file.arrayBuffer()).byteLength]).toEqual([200, 10]);
  });
});
