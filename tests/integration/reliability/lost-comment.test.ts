import { expect, it } from 'vitest';
import { syncPass } from '#/services/sync/sync-pass.ts';
import { exalateIssue } from '#/services/twin/exalate-issue.ts';
import { usePair } from '../../support/pair.ts';
import { waitFor } from '../../support/wait-for.ts';

// What B does, and when, is decided here.
const pair = usePair({ nodeB: { worker: false } });

/** Lets B do what it can now, also what it would try again later. */
async function passOfB(): Promise<void> {
  await pair.b.ctx.db.twin.updateMany({ where: { wakeAt: { not: null } }, data: { wakeAt: new Date() } });
  await syncPass(pair.b.ctx);
}

it('the copy of a comment whose answer was lost is recognised although somebody has edited it; the edit goes over', async () => {
  const { json } = await pair.a.rest('POST', '/issue', {
    fields: { project: { key: 'TEST' }, issuetype: { name: 'Task' }, summary: 'With a comment' },
  });
  const { key } = json as { key: string };
  await exalateIssue(pair.a.ctx, { connectionId: pair.a.connectionId, issueKey: key });
  const copy = await waitFor('the twin', async () => {
    await passOfB();
    const twin = await pair.a.ctx.db.twin.findFirstOrThrow({ where: { localIssueKey: key } });
    return twin.status === 'synchronized' ? twin.remoteIssueKey : null;
  });

  const { control } = pair.b.jira;
  await control.grant({ project: 'TEST', permission: 'EDIT_ALL_COMMENTS', holder: 'user:jane' });
  await control.addFault({
    kind: 'performThenCut',
    match: { method: 'POST', user: 'admin', path: '/issue/[^/]+/comment$', count: 1 },
  });
  await pair.a.rest('POST', `/issue/${key}/comment`, { body: 'as it was written' });
  const written = await waitFor('the copy', async () => {
    await syncPass(pair.b.ctx);
    return (await pair.b.issue(copy)).comments[0];
  });
  await pair.b.rest('PUT', `/issue/${copy}/comment/${written.id}`, { body: 'as somebody edited it' });

  await waitFor('the edit', async () => {
    await passOfB();
    return (await pair.a.issue(key)).comments[0]?.body.includes('as somebody edited it');
  });
  await passOfB();
  expect((await pair.b.issue(copy)).comments).toHaveLength(1);
  expect((await pair.a.issue(key)).comments).toHaveLength(1);
});
