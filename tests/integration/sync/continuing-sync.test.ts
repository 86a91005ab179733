import { beforeAll, describe, expect, it } from 'vitest';
import { usePair } from '../../support/pair.ts';
import type { Company } from '../../support/pair.ts';
import { waitFor } from '../../support/wait-for.ts';

const pair = usePair();
let keyA = '';
let keyB = '';

beforeAll(async () => {
  const { json } = await pair.a.rest('POST', '/issue', {
    fields: { project: { key: 'TEST' }, issuetype: { name: 'Task' }, summary: 'Start', description: 'Start' },
  });
  keyA = (json as { key: string }).key;
  await pair.a.rest('POST', `/issue/${keyA}/comment`, { body: 'from the start' });
  keyB = await pair.sync(keyA);
});

type SideName = 'a' | 'b';
const sides: readonly [SideName, SideName][] = [
  ['a', 'b'],
  ['b', 'a'],
];
const at = (side: SideName): { company: Company; key: string } =>
  side === 'a' ? { company: pair.a, key: keyA } : { company: pair.b, key: keyB };

describe.each([
  ['with webhooks', {}],
  ['with every webhook lost', { lost: 1 }],
  ['with webhooks doubled and reordered', { doubled: 0.7, reordered: 0.5 }],
])('%s', (_name, webhooks) => {
  it.each(sides)('an edit of summary and description on %s arrives on %s', async (from, to) => {
    await faults(webhooks);
    const text = `edited on ${from} (${Object.keys(webhooks).join()})`;
    const source = at(from);
    await source.company.rest('PUT', `/issue/${source.key}`, {
      fields: { summary: text, description: `${text}\nsecond line` },
    });
    await arrives(to, (issue) => issue.summary === text && issue.description === `${text}\nsecond line`);
  });

  it.each(sides)('a comment added, edited and deleted on %s follows on %s', async (from, to) => {
    await faults(webhooks);
    const source = at(from);
    const { json } = await source.company.rest('POST', `/issue/${source.key}/comment`, { body: `new on ${from}` });
    const id = (json as { id: string }).id;
    await arrives(to, (issue) => issue.comments.some(({ body }) => body === `*Jane Doe:*\nnew on ${from}`));
    await source.company.rest('PUT', `/issue/${source.key}/comment/${id}`, { body: `better on ${from}` });
    await arrives(to, (issue) => issue.comments.some(({ body }) => body === `*Jane Doe:*\nbetter on ${from}`));
    await source.company.rest('DELETE', `/issue/${source.key}/comment/${id}`);
    await arrives(to, (issue) => !issue.comments.some(({ body }) => body.endsWith(`on ${from}`)));
  });

  it.each(sides)('attachments added on %s arrive on %s, and a deletion follows', async (from, to) => {
    await faults(webhooks);
    const source = at(from);
    const before = (await at(to).company.issue(at(to).key)).attachments.length;
    const file = { key: source.key, user: 'jane', filename: 'same name.txt' };
    const { id } = await source.company.jira.control.createAttachment({ ...file, bytes: 10, seed: 1 });
    await source.company.jira.control.createAttachment({ ...file, bytes: 0, seed: 2 });
    await arrives(to, (issue) => issue.attachments.length === before + 2);
    await deleteAttachment(source.company, id);
    await arrives(to, (issue) => issue.attachments.length === before + 1);
  });

  it.each(sides)('a change of issue type on %s is mirrored on %s', async (from, to) => {
    await faults(webhooks);
    const source = at(from);
    const wanted = (await source.company.issue(source.key)).type === 'Bug' ? 'Improvement' : 'Bug';
    await source.company.rest('PUT', `/issue/${source.key}`, { fields: { issuetype: { name: wanted } } });
    await arrives(to, (issue) => issue.type === wanted);
  });
});

it('an edit of the copy of a comment returns to the original without the author line', async () => {
  const copy = (await pair.b.issue(keyB)).comments.find(({ body }) => body.endsWith('from the start'));
  await pair.b.jira.control.grant({ project: 'TEST', permission: 'EDIT_ALL_COMMENTS', holder: 'user:jane' });
  await pair.b.rest('PUT', `/issue/${keyB}/comment/${copy?.id}`, { body: '*Jane Doe:*\nimproved over there' });
  await arrives('a', (issue) => issue.comments.some(({ body }) => body === 'improved over there'));
  await pair.quiet();
  expect((await pair.b.issue(keyB)).comments.filter(({ body }) => body.includes('improved'))).toMatchObject([
    { body: '*Jane Doe:*\nimproved over there' },
  ]);
});

it('a burst of 50 edits makes few messages and ends with the last text', async () => {
  await pair.quiet();
  await pair.b.jira.control.resetStatistics();
  for (let n = 1; n <= 50; n += 1) await pair.a.rest('PUT', `/issue/${keyA}`, { fields: { summary: `burst ${n}` } });
  await arrives('b', (issue) => issue.summary === 'burst 50');
  await pair.quiet();
  const edits = (await pair.b.jira.control.writes({ user: 'admin', key: keyB })).length;
  expect(edits).toBeLessThan(20);
});

it('nothing echoes: once quiet, no side writes any more', async () => {
  await pair.quiet();
  await pair.a.jira.control.resetStatistics();
  await pair.b.jira.control.resetStatistics();
  for (const { ctx, jira } of [pair.a, pair.b]) {
    const polls = async () => (await jira.control.requests({ path: 'search' })).length;
    const before = await polls();
    await waitFor('three more polls', async () => (await polls()) >= before + 3);
    expect(await ctx.db.syncEvent.count()).toBe(0);
  }
  expect([
    ...(await pair.a.jira.control.writes({ user: 'admin' })),
    ...(await pair.b.jira.control.writes({ user: 'admin' })),
  ]).toEqual([]);
});

async function faults(webhooks: object): Promise<void> {
  await pair.a.jira.control.setWebhookFaults(webhooks);
  await pair.b.jira.control.setWebhookFaults(webhooks);
}

async function arrives(to: SideName, shows: (issue: Awaited<ReturnType<Company['issue']>>) => boolean): Promise<void> {
  const { company, key } = at(to);
  await waitFor(`the change to show on ${to}`, async () => shows(await company.issue(key)));
  await pair.quiet();
}

async function deleteAttachment(company: Company, id: string): Promise<void> {
  await fetch(`${company.jira.url}/rest/api/2/attachment/${id}`, {
    method: 'DELETE',
    headers: { authorization: `Basic ${Buffer.from('admin:admin').toString('base64')}` },
  });
}
