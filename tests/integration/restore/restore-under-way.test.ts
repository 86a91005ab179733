/** What goes on while a database is being restored: lanes of a worker that keeps running, and pairs that begin before the partner was asked. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exalateIssue } from '#/services/twin/exalate-issue.ts';
import { createTrigger } from '#/services/trigger/create-trigger.ts';
import { backUp, putBack, startAgain } from '../../support/backup.ts';
import { startFaultProxy } from '../../support/fault-proxy.ts';
import type { FaultProxy } from '../../support/fault-proxy.ts';
import { createLoad } from '../../support/load.ts';
import { usePair } from '../../support/pair.ts';
import { seededRandom } from '../../support/random.ts';
import { expectClean, handsOf, quickNode, verdictOf } from '../../support/reliability.ts';
import { waitFor } from '../../support/wait-for.ts';

const pair = usePair({ nodeA: quickNode, nodeB: quickNode });
const load = createLoad(seededRandom(1));
let toA: FaultProxy;

beforeAll(async () => {
  toA = await startFaultProxy(pair.a.node.url);
  await pair.b.ctx.db.connection.updateMany({ data: { partnerUrl: toA.url } });
});

afterAll(() => toA.stop());

describe('a database that is restored', () => {
  it('under a running node is noticed before its lanes take their own copies for comments of people', async () => {
    const [a, b] = [handsOf(pair.a, 'jane in A'), handsOf(pair.b, 'jane in B')];
    const keyA = await load.newIssue(a, { comments: 1, attachments: 1 });
    const keyB = await pair.sync(keyA);
    const backup = await backUp(pair.b, quickNode);
    await load.comment(a, keyA);
    await load.attach(a, keyA);
    await load.comment(b, keyB);
    const later = await load.newIssue(a, { comments: 2, attachments: 0 });
    await pair.sync(later);
    await waitFor('the comments', async () => (await pair.b.issue(keyB)).comments.length === 3);
    await pair.quiet();
    const issues = (await pair.b.jira.control.dump()).length;

    await putBack(pair.b, backup);
    await load.editFields(b, keyB);
    await load.comment(a, keyA);

    await waitFor('the comment after the restore', async () => (await pair.b.issue(keyB)).comments.length >= 4);
    expectClean(await verdictOf(pair, load.expected));
    expect((await pair.b.jira.control.dump()).length).toBe(issues);
    expect(await pair.b.ctx.db.auditEntry.count({ where: { verb: 'connection.restored' } })).toBe(1);
  }, 60_000);

  it('begins no second pair for an issue that a trigger or an admin exalates before the partner was asked', async () => {
    const b = handsOf(pair.b, 'jane in B');
    await createTrigger(pair.b.ctx, { connectionId: pair.b.connectionId, jql: 'project = TEST AND summary ~ "Order"' });
    const backup = await backUp(pair.b, quickNode);
    const create = async (summary: string): Promise<string> => {
      const fields = { project: { key: 'TEST' }, issuetype: { name: 'Task' }, summary };
      return ((await b.rest('POST', '/issue', { fields })).json as { key: string }).key;
    };
    const [byTrigger, byAdmin] = [await create('Order 1'), await create('Something else')];
    const exalate = () => exalateIssue(pair.b.ctx, { connectionId: pair.b.connectionId, issueKey: byAdmin });
    await exalate();
    const pairs = () => pair.b.ctx.db.twin.count({ where: { localIssueKey: { in: [byTrigger, byAdmin] } } });
    await waitFor('both to be synchronized', async () => (await pairs()) === 2);
    expectClean(await verdictOf(pair, load.expected));
    const issues = (await pair.a.jira.control.dump()).length;

    await pair.b.node.stop();
    await toA.down();
    await putBack(pair.b, backup);
    await startAgain(pair.b, quickNode);
    await exalate();
    await waitFor('the trigger to begin its pair anew', async () => (await pairs()) === 2);
    await toA.up();

    expectClean(await verdictOf(pair, load.expected));
    expect((await pair.a.jira.control.dump()).length).toBe(issues);
    await b.rest('PUT', `/issue/${byTrigger}`, { fields: { description: 'followed' } });
    const twin = await pair.b.ctx.db.twin.findFirstOrThrow({ where: { localIssueKey: byTrigger, endedAt: null } });
    await waitFor('the edit', async () => (await pair.a.issue(twin.remoteIssueKey ?? '')).description === 'followed');
  }, 60_000);
});
