import { expect, it } from 'vitest';
import { backUp, putBack, startAgain } from '../../support/backup.ts';
import { usePair } from '../../support/pair.ts';
import type { Company } from '../../support/pair.ts';
import { waitFor } from '../../support/wait-for.ts';

const pair = usePair();

async function newPair(comment?: string): Promise<{ keyA: string; keyB: string }> {
  const { json } = await pair.a.rest('POST', '/issue', {
    fields: { project: { key: 'TEST' }, issuetype: { name: 'Task' }, summary: 'As it began' },
  });
  const { key } = json as { key: string };
  if (comment !== undefined) await pair.a.rest('POST', `/issue/${key}/comment`, { body: comment });
  const keyB = await pair.sync(key);
  await waitFor('the copy', async () => comment === undefined || (await bodies(pair.b, keyB)).length === 1);
  await pair.quiet();
  return { keyA: key, keyB };
}

const bodies = async (company: Company, key: string) => (await company.issue(key)).comments.map(({ body }) => body);

async function restoreB(
  backup: string,
  keyB: string,
  meanwhile: () => Promise<unknown> = async () => {},
): Promise<void> {
  await pair.b.node.stop();
  await meanwhile();
  await putBack(pair.b, backup);
  await startAgain(pair.b);
  await waitFor('the twin to be taken over', () =>
    pair.b.ctx.db.timelineEntry.findFirst({ where: { kind: 'restored', twin: { localIssueKey: keyB } } }),
  );
  await pair.quiet();
}

it(
  'a copy that was made anew after the backup is recognised by its mark: no second one, no echo',
  { timeout: 60_000 },
  async () => {
    const { keyA, keyB } = await newPair('first');
    await pair.b.jira.control.grant({ project: 'TEST', permission: 'DELETE_ALL_COMMENTS', holder: 'user:jane' });
    const backup = await backUp(pair.b);
    await waitFor('the partner to have been asked', () =>
      pair.b.ctx.db.connection.findFirst({ where: { id: pair.b.connectionId, hold: null } }),
    );
    // The edit outlives the deletion of the copy, which is made anew with another id.
    await pair.a.node.stop();
    const [original] = (await pair.a.issue(keyA)).comments;
    const [copy] = (await pair.b.issue(keyB)).comments;
    await pair.a.rest('PUT', `/issue/${keyA}/comment/${original?.id}`, { body: 'edited' });
    await pair.b.rest('DELETE', `/issue/${keyB}/comment/${copy?.id}`);
    await waitFor('the deletion to be seen', () =>
      pair.b.ctx.db.commentTrace.findFirst({ where: { twin: { localIssueKey: keyB }, deletedTime: { not: null } } }),
    );
    await startAgain(pair.a);
    await waitFor('the new copy', async () => (await bodies(pair.b, keyB)).length === 1);
    await pair.quiet();
    expect((await pair.b.issue(keyB)).comments[0]?.id).not.toBe(copy?.id);
    await restoreB(backup, keyB);
    expect(await bodies(pair.a, keyA)).toEqual(['edited']);
    expect(await bodies(pair.b, keyB)).toEqual(['*Jane Doe:*\nedited']);
  },
);

it(
  'what a person wrote as the proxy user, over a value that sync had written, is not taken for sync’s own',
  { timeout: 60_000 },
  async () => {
    const { keyA, keyB } = await newPair();
    const backup = await backUp(pair.b);
    await pair.a.rest('PUT', `/issue/${keyA}`, { fields: { summary: 'written by sync' } });
    await waitFor('the edit', async () => (await pair.b.issue(keyB)).summary === 'written by sync');
    await pair.quiet();
    await restoreB(backup, keyB, () =>
      fetch(`${pair.b.jira.url}/rest/api/2/issue/${keyB}`, {
        method: 'PUT',
        headers: { authorization: `Basic ${btoa('admin:admin')}`, 'content-type': 'application/json' },
        body: JSON.stringify({ fields: { summary: 'written by hand as the proxy user' } }),
      }),
    );
    await waitFor('the edit', async () => (await pair.a.issue(keyA)).summary === 'written by hand as the proxy user');
    expect((await pair.b.issue(keyB)).summary).toBe('written by hand as the proxy user');
  },
);
