import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startSimulator } from '../../../simulator/index.ts';
import type { Simulator } from '../../../simulator/index.ts';
import { call, newIssue } from './support.ts';

let simulator: Simulator;
let team = '';

beforeAll(async () => {
  simulator = await startSimulator({ seed: 'empty' });
  const custom = 'com.atlassian.jira.plugin.system.customfieldtypes:textfield';
  ({ id: team } = await simulator.control.createCustomField({ name: 'Team', custom, type: 'string' }));
  await newIssue(simulator, { summary: 'One', assignee: { name: 'admin' }, [team]: 'red' });
  await newIssue(simulator, { summary: 'Two', assignee: { name: 'jane' }, description: 'apple', [team]: 'blue' });
  await newIssue(simulator, { summary: 'Three', description: 'pear', labels: ['fruit'] });
  await newIssue(simulator, { summary: 'Four', priority: { name: 'High' } });
});
afterAll(() => simulator.stop());

async function find(jql: string): Promise<unknown> {
  const { status, body } = await call(simulator, '/rest/api/2/search', { body: { jql, fields: ['summary'] } });
  if (status !== 200) return body.errorMessages;
  return body.issues.map((one: { fields: { summary: string } }) => one.fields.summary).sort();
}

describe('JQL', () => {
  test.each([
    ['not (assignee = admin)', ['Two']],
    ['not assignee in (admin)', ['Two']],
    ['not (assignee = admin or assignee is empty)', ['Two']],
    ['not (assignee is not empty and labels is empty)', ['Four', 'Three']],
    ['not not assignee = admin', ['One']],
    ['not (priority > Medium)', ['One', 'Three', 'Two']],
    ['description !~ apple', ['Three']],
    ['not (description ~ apple)', ['Three']],
    ['not (Team = red)', ['Two']],
    ['Team !~ red', ['Two']],
    ['resolution is empty and resolution = Unresolved', ['Four', 'One', 'Three', 'Two']],
    ['resolution != Done', []],
  ])(
    'NOT is pushed into the operators, and what negates a value leaves out issues without one: %s',
    async (jql, found) => {
      expect(await find(jql)).toEqual(found);
    },
  );

  test.each([
    ['Team in (red, empty)', ['Four', 'One', 'Three']],
    ['Team = empty', ['Four', 'Three']],
    ['Team not in (red, empty)', ['Two']],
    ['priority > Medium', ['Four']],
    ['priority <= Medium', ['One', 'Three', 'Two']],
    ['priority >= Low and priority < High', ['One', 'Three', 'Two']],
  ])('EMPTY among the values of a custom field, and priorities in their order: %s', async (jql, found) => {
    expect(await find(jql)).toEqual(found);
  });

  test.each([
    ['text !~ apple', "The operator '!~' is not supported by the 'text' field."],
    ['comment is empty', "The operator 'is' is not supported by the 'comment' field."],
    ['summary ~ ""', "The field 'summary' does not support searching for an empty string."],
    ['updated > now("-1d")', "Function 'now' expected '0' arguments but received '1'."],
    ['assignee = currentUser(x)', "Function 'currentUser' expected '0' arguments but received '1'."],
    ['assignee > admin', "The operator '>' is not supported by the 'assignee' field."],
    ['summary ~ empty', "The operator '~' does not support EMPTY."],
    ['assignee is admin', "The operator 'is' only supports EMPTY."],
    ['updated > empty', "The operator '>' does not support EMPTY."],
    ['summary ~ One order by foo', "Not able to sort using field 'foo'."],
  ])('what Jira refuses is a 400 with its text: %s', async (jql, text) => {
    expect(await find(jql)).toEqual([text]);
  });

  test.each(['sprint in openSprints()', 'Team in (red, membersOf("x"))', 'Team > red', 'fixVersion > 1'])(
    'what only a real Jira can do is a 400 that says so, never a wrong result: %s',
    async (jql) => {
      expect(await find(jql)).toEqual([expect.stringContaining('the simulator does not know')]);
    },
  );
});
