import { describe, expect, test } from 'vitest';
import type { Simulator } from '../../../simulator/index.ts';
import { basic, call, newIssue, until, withSimulator } from './support.ts';

async function keys(simulator: Simulator, jql: string, auth = basic('admin')): Promise<string[] | string[][]> {
  const { status, body } = await call(simulator, '/rest/api/2/search', { auth, body: { jql, fields: ['summary'] } });
  return status === 200 ? body.issues.map((one: { key: string }) => one.key) : [body.errorMessages];
}

describe('search', () => {
  test('date literals are minutes in the zone of the calling account', async () => {
    await withSimulator({ timeZone: 'Etc/UTC' }, async (simulator) => {
      await simulator.control.updateUser({ name: 'jane', change: { timeZone: 'Asia/Tokyo' } });
      // the clock is set to 2026-03-01 12:30 UTC, which is 21:30 in Tokyo
      await simulator.control.configure({ clockOffsetMs: Date.UTC(2026, 2, 1, 12, 30) - Date.now() });
      await newIssue(simulator);
      const tokyo = basic('jane');
      expect(await keys(simulator, 'updated >= "2026-03-01 12:30"')).toEqual(['TEST-1']);
      expect(await keys(simulator, 'updated >= "2026-03-01 12:31"')).toEqual([]);
      expect(await keys(simulator, 'updated >= "2026-03-01 21:30"', tokyo)).toEqual(['TEST-1']);
      expect(await keys(simulator, 'updated >= "2026/03/01 21:31"', tokyo)).toEqual([]);
      expect(await keys(simulator, 'updated >= "-5m" AND updated >= -1M', tokyo)).toEqual(['TEST-1']);
    });
  });

  test('results lag behind writes by the index lag and cut dates to the second; GET does neither', async () => {
    await withSimulator({ indexLagMs: 150 }, async (simulator) => {
      const { key } = await newIssue(simulator);
      expect(await keys(simulator, 'project = TEST')).toEqual([]);
      const got = await call(simulator, `/rest/api/2/issue/${key}`);
      expect(got.status).toBe(200);
      await until('the index has it', async () => (await keys(simulator, 'project = TEST')).length === 1);
      const found = await call(simulator, '/rest/api/2/search?jql=project=TEST');
      expect(found.body.issues[0].fields.updated).toBe(got.body.fields.updated.replace(/\.\d{3}/, '.000'));
    });
  });

  test('the subset of JQL: sets, negation, order, text, emptiness, currentUser', async () => {
    await withSimulator({}, async (simulator) => {
      await newIssue(simulator, { summary: 'Red apple', labels: ['fruit'] });
      await newIssue(simulator, { summary: 'Green apple', issuetype: { name: 'Bug' }, assignee: { name: 'jane' } });
      await newIssue(simulator, { summary: 'Blue sky' });
      const cases: [string, string[]][] = [
        ['key in (TEST-1, TEST-3) ORDER BY key DESC', ['TEST-3', 'TEST-1']],
        ['summary ~ apple AND NOT issuetype = Bug', ['TEST-1']],
        ['summary ~ "apple red" or summary ~ "bl*" order by id', ['TEST-1', 'TEST-3']],
        ['labels is EMPTY order by created asc, key asc', ['TEST-2', 'TEST-3']],
        ['labels != fruit', []],
        ['assignee = currentUser() or assignee = nobody', []],
        [
          'reporter = currentUser() and (status = "To Do") and priority in (Medium) order by key',
          ['TEST-1', 'TEST-2', 'TEST-3'],
        ],
        ['id > 10000 ORDER BY id ASC', ['TEST-2', 'TEST-3']],
        ['key >= TEST-2 and key < TEST-3', ['TEST-2']],
        ['assignee = jane', ['TEST-2']],
      ];
      for (const [jql, expected] of cases) expect(await keys(simulator, jql), jql).toEqual(expected);
    });
  });

  test('what is wrong is a 400 with the real text, and what only the simulator lacks says so', async () => {
    await withSimulator({}, async (simulator) => {
      await newIssue(simulator);
      const cases: [string, string][] = [
        ['project = NOPE', "The value 'NOPE' does not exist for the field 'project'."],
        ['key in (TEST-1, TEST-9)', "An issue with key 'TEST-9' does not exist for field 'key'."],
        ['updated >= yesterday', "Date value 'yesterday' for field 'updated' is invalid."],
        ['nonsense = 1', "Field 'nonsense' does not exist or you do not have permission to view it."],
        ['project TEST', "Error in the JQL Query: Expecting operator but got 'TEST'."],
        ['status was Done', 'the simulator does not know'],
        ['updated > startOfDay()', 'the simulator does not know'],
      ];
      for (const [jql, text] of cases) {
        const { status, body } = await call(simulator, `/rest/api/2/search?jql=${encodeURIComponent(jql)}`);
        expect(status, jql).toBe(400);
        expect(body.errorMessages.join(' '), jql).toContain(text);
      }
      const lenient = await call(simulator, '/rest/api/2/search', {
        body: { jql: 'key in (TEST-1, TEST-9)', validateQuery: false },
      });
      expect([lenient.body.total, lenient.body.warningMessages.length]).toEqual([1, 1]);
      expect((await call(simulator, '/rest/api/2/search', { body: { jql: '', expand: 'changelog' } })).status).toBe(
        400,
      );
    });
  });

  test('a project hidden from the account does not exist for its searches', async () => {
    await withSimulator({}, async (simulator) => {
      const { key } = await newIssue(simulator);
      await simulator.control.hideProject({ project: 'TEST', user: 'jane' });
      expect((await call(simulator, `/rest/api/2/issue/${key}`, { auth: basic('jane') })).status).toBe(403);
      expect(await keys(simulator, 'project = TEST', basic('jane'))).toEqual([
        ["The value 'TEST' does not exist for the field 'project'."],
      ]);
      expect(await keys(simulator, '', basic('jane'))).toEqual([]);
      await simulator.control.hideProject({ project: 'TEST', user: 'jane', hidden: false });
      expect(await keys(simulator, 'project = TEST', basic('jane'))).toEqual([key]);
    });
  });
});
