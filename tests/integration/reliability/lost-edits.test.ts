import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { usePair } from '../../support/pair.ts';
import { expectClean, heal, quickNode, verdictOf } from '../../support/reliability.ts';
import { waitFor } from '../../support/wait-for.ts';

const pair = usePair({ nodeA: quickNode, nodeB: quickNode });
let keyA = '';
let keyB = '';
let commentId = '';

beforeAll(async () => {
  const { json } = await pair.a.rest('POST', '/issue', {
    fields: { project: { key: 'TEST' }, issuetype: { name: 'Task' }, summary: 'Start', description: 'Start' },
  });
  keyA = (json as { key: string }).key;
  const comment = await pair.a.rest('POST', `/issue/${keyA}/comment`, { body: 'first' });
  commentId = (comment.json as { id: string }).id;
  keyB = await pair.sync(keyA);
});

afterEach(() => heal(pair));

/** B's next write of that kind takes a moment, is performed, and its answer is lost; meanwhile `act` runs. */
async function duringLostWrite(path: string, act: () => Promise<unknown>): Promise<void> {
  const match = { method: 'PUT', user: 'admin', path, count: 1 };
  await pair.b.jira.control.addFault({ kind: 'latency', ms: 700, match });
  await pair.b.jira.control.addFault({ kind: 'performThenCut', match });
  await act();
  await waitFor('the write to be lost', async () => (await pair.b.jira.control.faults()).every(({ hits }) => hits > 0));
}

async function underWay(): Promise<void> {
  await waitFor('the write to be under way', async () =>
    (await pair.b.jira.control.statistics()).endpoints.some(
      ({ endpoint, inFlight }) => /^PUT .*issue/.test(endpoint) && inFlight > 0,
    ),
  );
}

describe('the answer to a write of an older value is lost, while its author goes on', () => {
  it('a later edit of a field wins over the value that sync wrote last', async () => {
    await duringLostWrite('/issue/[^/]+$', async () => {
      await pair.a.rest('PUT', `/issue/${keyA}`, { fields: { summary: 'older' } });
      await underWay();
      await pair.a.rest('PUT', `/issue/${keyA}`, { fields: { summary: 'newer' } });
    });
    expectClean(await verdictOf(pair));
    expect([(await pair.a.issue(keyA)).summary, (await pair.b.issue(keyB)).summary]).toEqual(['newer', 'newer']);
  });

  it('a later edit of a comment wins over the text that sync wrote last', async () => {
    await duringLostWrite('/comment/', async () => {
      await pair.a.rest('PUT', `/issue/${keyA}/comment/${commentId}`, { body: 'older' });
      await underWay();
      await pair.a.rest('PUT', `/issue/${keyA}/comment/${commentId}`, { body: 'newer' });
    });
    expectClean(await verdictOf(pair));
    expect((await pair.a.issue(keyA)).comments.map(({ body }) => body)).toEqual(['newer']);
    expect((await pair.b.issue(keyB)).comments.map(({ body }) => body)).toEqual(['*Jane Doe:*\nnewer']);
  });

  it('a later change of issue type wins over the type that sync set last', async () => {
    await duringLostWrite('/issue/[^/]+$', async () => {
      await pair.a.rest('PUT', `/issue/${keyA}`, { fields: { issuetype: { name: 'Bug' } } });
      await underWay();
      await pair.a.rest('PUT', `/issue/${keyA}`, { fields: { issuetype: { name: 'Story' } } });
    });
    expectClean(await verdictOf(pair));
    expect([(await pair.a.issue(keyA)).type, (await pair.b.issue(keyB)).type]).toEqual(['Story', 'Story']);
  });

  it('an edit that somebody made there before the write is not lost with the answer', async () => {
    await duringLostWrite('/issue/[^/]+$', async () => {
      await pair.a.rest('PUT', `/issue/${keyA}`, { fields: { description: 'from A' } });
      await underWay();
      await pair.b.rest('PUT', `/issue/${keyB}`, { fields: { description: 'later, in B' } });
    });
    expectClean(await verdictOf(pair));
    expect([(await pair.a.issue(keyA)).description, (await pair.b.issue(keyB)).description]).toEqual([
      'later, in B',
      'later, in B',
    ]);
  });
});
