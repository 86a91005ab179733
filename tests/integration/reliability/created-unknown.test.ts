import { afterEach, expect, it } from 'vitest';
import { exalateIssue } from '#/services/twin/exalate-issue.ts';
import type { IssueDump } from '../../../simulator/control/api.ts';
import { killAfterWrite } from '../../support/kill-after-write.ts';
import { usePair } from '../../support/pair.ts';
import { heal, quickNode, shortTimes } from '../../support/reliability.ts';
import { waitFor } from '../../support/wait-for.ts';

const killer = killAfterWrite();
const pair = usePair({
  nodeA: quickNode,
  nodeB: { ...quickNode, sync: { ...shortTimes, leaseMs: 4_000, crashPoint: killer.crashPoint } },
});

afterEach(() => heal(pair));

async function newIssue(company: typeof pair.a, summary: string): Promise<string> {
  const { json } = await company.rest('POST', '/issue', {
    fields: { project: { key: 'TEST' }, issuetype: { name: 'Task' }, summary },
  });
  return (json as { key: string }).key;
}

/** What bears the mark of this twin in Jira B. */
async function copiesOf(uid: string): Promise<IssueDump[]> {
  return (await pair.b.jira.control.dump()).filter(({ properties }) => JSON.stringify(properties).includes(uid));
}

/** B's worker is killed right after Jira has created the issue; `meanwhile` happens before another one looks for it. */
async function createdBeforeKill(summary: string, meanwhile: (made: IssueDump) => Promise<unknown>): Promise<void> {
  const issueKey = await newIssue(pair.a, summary);
  killer.arm();
  const started = await exalateIssue(pair.a.ctx, { connectionId: pair.a.connectionId, issueKey });
  if (started.kind !== 'started') throw new Error(started.kind);
  const { uid } = await pair.a.ctx.db.twin.findUniqueOrThrow({ where: { id: started.twinId } });
  await meanwhile(await waitFor('the issue', async () => (await copiesOf(uid))[0]));
  await newIssue(pair.b, `Somebody else’s after ${summary}`);
  await waitFor(
    'the twin',
    async () => {
      const twin = await pair.a.ctx.db.twin.findUniqueOrThrow({ where: { id: started.twinId } });
      return twin.status === 'synchronized';
    },
    { timeoutMs: 30_000 },
  );
  expect(await copiesOf(uid)).toHaveLength(1);
}

it('an issue of which nobody knows that it was created is found although it was given another summary', async () => {
  await createdBeforeKill('before', ({ key }) =>
    pair.b.rest('PUT', `/issue/${key}`, { fields: { summary: 'as a person renamed it' } }),
  );
});

it('and although it was moved to another project', async () => {
  await pair.b.jira.control.createProject({ key: 'OTHER', name: 'Other' });
  await createdBeforeKill('to be moved', ({ key }) => pair.b.jira.control.moveIssue({ key, project: 'OTHER' }));
});

it.each([-2, 2])('and although the clock of Jira differs by %i hours', async (hours) => {
  await pair.b.jira.control.configure({ clockOffsetMs: hours * 3_600_000 });
  await createdBeforeKill(`${hours} hours`, () => Promise.resolve());
  await pair.b.jira.control.configure({ clockOffsetMs: 0 });
});

it('an issue that was not created is created although the next keys are of issues that the proxy user may not see', async () => {
  const { control } = pair.b.jira;
  const last = await newIssue(pair.b, 'the last one that is shown');
  const number = Number(last.split('-')[1]);
  await control.addFault({
    kind: 'cutBefore',
    match: { method: 'POST', user: 'admin', path: '/rest/api/2/issue$', count: 1 },
  });
  await control.addFault({
    kind: 'respond',
    status: 403,
    contentType: 'application/json;charset=UTF-8',
    headers: { 'X-AUSERNAME': 'admin' },
    body: '{"errorMessages":["You do not have the permission to see the specified issue."],"errors":{}}',
    match: { method: 'GET', user: 'admin', path: `/issue/TEST-(${number + 1}|${number + 3})$` },
  });
  const issueKey = await newIssue(pair.a, 'beside hidden ones');
  const started = await exalateIssue(pair.a.ctx, { connectionId: pair.a.connectionId, issueKey });
  if (started.kind !== 'started') throw new Error(started.kind);
  await waitFor('the twin', async () => {
    const { status } = await pair.a.ctx.db.twin.findUniqueOrThrow({ where: { id: started.twinId } });
    return status === 'synchronized';
  });
  const made = (await control.dump()).filter(({ summary }) => summary === 'beside hidden ones');
  expect(made).toHaveLength(1);
  expect((await control.faults()).every(({ hits }) => hits > 0)).toBe(true);
});
