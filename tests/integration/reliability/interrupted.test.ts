import { afterEach, describe, expect, it } from 'vitest';
import { cleanUpIssue } from '#/services/clean-up/clean-up-issue.ts';
import { setConnectionActive } from '#/services/connection/set-connection-active.ts';
import { connectIssues } from '#/services/twin/connect-issues.ts';
import { exalateIssue } from '#/services/twin/exalate-issue.ts';
import { syncStatus } from '#/services/twin/sync-status.ts';
import { unexalateIssue } from '#/services/twin/unexalate-issue.ts';
import type { IssueDump } from '../../../simulator/control/api.ts';
import { usePair } from '../../support/pair.ts';
import { heal } from '../../support/reliability.ts';
import { waitFor } from '../../support/wait-for.ts';

const pair = usePair();
const comments = 25;

afterEach(() => heal(pair));

/** A first sync that is seen in the middle: B has some of the comments, and takes its time for each. */
async function halfSynced(summary: string): Promise<{ twinId: string; key: string; copy: () => Promise<IssueDump> }> {
  const { json } = await pair.a.rest('POST', '/issue', {
    fields: { project: { key: 'TEST' }, issuetype: { name: 'Task' }, summary },
  });
  const { key } = json as { key: string };
  for (let n = 0; n < comments; n += 1)
    await pair.a.jira.control.addComment({ key, user: 'jane', body: `comment ${n}` });
  const match = { method: 'POST', path: '/comment$', user: 'admin' };
  await pair.b.jira.control.addFault({ kind: 'latency', ms: 150, match });
  const started = await exalateIssue(pair.a.ctx, { connectionId: pair.a.connectionId, issueKey: key });
  if (started.kind !== 'started') throw new Error(started.kind);
  const copy = (): Promise<IssueDump> =>
    waitFor('the twin', async () => (await pair.b.jira.control.dump()).find((issue) => issue.summary === summary));
  await waitFor('some comments', async () => (await copy()).comments.length >= 3);
  return { twinId: started.twinId, key, copy };
}

describe('while the other side is still writing a first sync', () => {
  it.each([
    ['Unexalate', unexalateIssue],
    ['Clean-up', cleanUpIssue],
  ] as const)(
    '%s and then Connect of the same issues makes nothing twice',
    async (how, end) => {
      const { twinId, key, copy } = await halfSynced(`again after ${how}`);
      await end(pair.a.ctx, { twinId });
      const connected = await connectIssues(pair.a.ctx, {
        connectionId: pair.a.connectionId,
        localKey: key,
        remoteKey: (await copy()).key,
        existing: { comments: true, attachments: true },
        winner: 'local',
      });
      await heal(pair);
      await waitFor(
        'the new pair',
        async () => (await syncStatus(pair.a.ctx, { twinId: connected.twinId })).status === 'Synchronized',
        { timeoutMs: 40_000 },
      );
      await pair.quiet();
      expect([(await pair.a.issue(key)).comments.length, (await copy()).comments.length]).toEqual([comments, comments]);
    },
    60_000,
  );

  it('an end that is deactivated writes nothing more, and all of the rest once it is active again', async () => {
    const { copy } = await halfSynced('deactivated in the middle');
    await setConnectionActive(pair.b.ctx, { id: pair.b.connectionId, active: false });
    // One may be under way.
    const most = (await copy()).comments.length + 1;
    await waitFor(
      'the lane to rest',
      async () => (await pair.b.ctx.db.twin.count({ where: { leaseUntil: { not: null } } })) === 0,
    );
    expect((await copy()).comments.length).toBeLessThanOrEqual(most);
    expect((await copy()).comments.length).toBeLessThan(comments);
    await setConnectionActive(pair.b.ctx, { id: pair.b.connectionId, active: true });
    await heal(pair);
    await waitFor('the rest', async () => (await copy()).comments.length === comments, { timeoutMs: 20_000 });
  });
});
