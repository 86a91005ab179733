import { describe, expect, test } from 'vitest';
import type { Simulator } from '../../../simulator/index.ts';
import { basic, call, newIssue, withSimulator } from './support.ts';

interface Read {
  updated: number;
  histories: { author: { name: string }; items: Record<string, string | null>[] }[];
}

async function read(simulator: Simulator, key: string): Promise<Read> {
  const { body } = await call(simulator, `/rest/api/2/issue/${key}?fields=updated&expand=changelog`);
  return { updated: Date.parse(body.fields.updated), histories: body.changelog.histories };
}

/** Does something to a new issue, and gives the history entries it left; each of them has to have moved `updated`. */
async function entriesOf(
  simulator: Simulator,
  key: string,
  work: () => Promise<{ status: number }>,
  status: number,
): Promise<Read['histories'][number]['items'][]> {
  const before = await read(simulator, key);
  await simulator.control.configure({ clockOffsetMs: (await simulator.control.settings()).clockOffsetMs + 1000 });
  expect((await work()).status).toBe(status);
  const after = await read(simulator, key);
  expect(after.updated).toBeGreaterThan(before.updated);
  return after.histories.slice(before.histories.length).map(({ items }) => items);
}

function item(
  field: string,
  from: string | null,
  fromString: string | null,
  to: string | null,
  toString: string | null,
) {
  return { field, fieldtype: 'jira', from, fromString, to, toString };
}

describe('history', () => {
  test('a transition into the status the issue has leaves an entry and moves updated', async () => {
    await withSimulator({}, async (simulator) => {
      const { key } = await newIssue(simulator);
      const stay = () =>
        call(simulator, `/rest/api/2/issue/${key}/transitions`, { body: { transition: { id: '11' } } });
      expect(await entriesOf(simulator, key, stay, 204)).toEqual([
        [item('status', '10000', 'To Do', '10000', 'To Do')],
      ]);
    });
  });

  test('remote links are told of when they come, change and go, and move updated', async () => {
    await withSimulator({}, async (simulator) => {
      const { key } = await newIssue(simulator);
      const path = `/rest/api/2/issue/${key}/remotelink`;
      const link = { globalId: 'g', application: { name: 'Wiki' }, object: { url: 'http://x/1', title: 'Page' } };
      const [first, second] = ['This issue links to "Page (Wiki)"', 'This issue links to "Page 2 (Web Link)"'];
      expect(await entriesOf(simulator, key, () => call(simulator, path, { body: link }), 201)).toEqual([
        [item('RemoteIssueLink', null, null, '10000', first)],
      ]);
      const changed = { globalId: 'g', object: { url: 'http://x/1', title: 'Page 2' } };
      expect(await entriesOf(simulator, key, () => call(simulator, path, { body: changed }), 200)).toEqual([
        [item('RemoteIssueLink', '10000', first, '10000', second)],
      ]);
      const remove = () => call(simulator, `${path}?globalId=g`, { method: 'DELETE' });
      expect(await entriesOf(simulator, key, remove, 204)).toEqual([
        [item('RemoteIssueLink', '10000', second, null, null)],
      ]);
    });
  });

  test('logged work is told of with the sums before and after, as recorded', async () => {
    await withSimulator({}, async (simulator) => {
      const { key } = await newIssue(simulator);
      const path = `/rest/api/2/issue/${key}/worklog`;
      const log = (timeSpent: string) => () => call(simulator, path, { body: { timeSpent } });
      expect(await entriesOf(simulator, key, log('2h'), 201)).toEqual([
        [
          item('timeestimate', null, null, '0', '0'),
          item('timespent', null, null, '7200', '7200'),
          item('WorklogId', '10000', '10000', null, null),
        ],
      ]);
      expect(await entriesOf(simulator, key, log('30m'), 201)).toEqual([
        [item('timespent', '7200', '7200', '9000', '9000'), item('WorklogId', '10001', '10001', null, null)],
      ]);
      const edit = () => call(simulator, `${path}/10001`, { method: 'PUT', body: { timeSpent: '1h', comment: 'x' } });
      const [edited] = await entriesOf(simulator, key, edit, 200);
      expect(edited).toContainEqual(item('timespent', '9000', '9000', '10800', '10800'));
      expect((await call(simulator, `${path}/10001`)).body).toMatchObject({ timeSpent: '1h', comment: 'x' });
      const foreign = { auth: basic('jane'), method: 'DELETE' };
      expect((await call(simulator, `${path}/10001`, foreign)).status).toBe(403);
      const remove = () => call(simulator, `${path}/10001`, { method: 'DELETE' });
      const [removed] = await entriesOf(simulator, key, remove, 204);
      expect(removed).toContainEqual(item('timespent', '10800', '10800', '7200', '7200'));
      expect((await call(simulator, `${path}/10001`)).status).toBe(404);
    });
  });
});
