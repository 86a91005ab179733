import { afterEach, describe, expect, it } from 'vitest';
import { Fault } from '#/engine/fault/faults.ts';
import { setConnectionActive } from '#/services/connection/set-connection-active.ts';
import { recordFault } from '#/services/error/record-fault.ts';
import { leaveLane, takeLane } from '#/services/sync/lane.ts';
import { writeOnce } from '#/services/sync/non-repeatable.ts';
import { saveLane } from '#/services/sync/save-twin.ts';
import { unexalateIssue } from '#/services/twin/unexalate-issue.ts';
import type { FaultEffect } from '../../../simulator/index.ts';
import { onDatabase, withAdmin } from '../../support/database-url.ts';
import { createLoad } from '../../support/load.ts';
import type { Load } from '../../support/load.ts';
import { usePair } from '../../support/pair.ts';
import type { Company } from '../../support/pair.ts';
import { seededRandom } from '../../support/random.ts';
import { expectClean, handsOf, heal, onBoth, quickNode, verdictOf } from '../../support/reliability.ts';
import { waitFor } from '../../support/wait-for.ts';

// A refused password is left alone for 15 minutes in production, so that Jira asks no CAPTCHA.
const node = { ...quickNode, jira: { passwordRecheckMs: 500, tokenRecheckMs: 500, maxPauseWaitMs: 300 } };
const pair = usePair({ nodeA: node, nodeB: node });
let runs = 0;

afterEach(() => heal(pair));

interface Scene {
  load: Load;
  keyA: string;
  keyB: string;
  /** A few changes on both sides. */
  change(): Promise<void>;
}

async function scene(): Promise<Scene> {
  runs += 1;
  const load = createLoad(seededRandom(runs), runs * 1_000);
  const [a, b] = [handsOf(pair.a, 'jane in A'), handsOf(pair.b, 'jane in B')];
  const keyA = await load.newIssue(a, { comments: 1, attachments: 1 });
  const keyB = await pair.sync(keyA);
  const change = async (): Promise<void> => {
    await load.editFields(a, keyA);
    await load.comment(b, keyB);
    await load.editComment();
    await load.attach(a, keyA);
    await load.editFields(b, keyB);
    await load.comment(a, keyA);
  };
  return { load, keyA, keyB, change };
}

const openErrors = (company: Company): Promise<{ code: string; impact: string }[]> =>
  company.ctx.db.syncError.findMany({ where: { resolvedAt: null }, select: { code: true, impact: true } });

describe('while the own Jira', () => {
  it.each<[string, FaultEffect, string]>([
    ['cuts every connection', { kind: 'cutBefore' }, 'jira_unreachable'],
    ['answers with a login page', { kind: 'loginPage' }, 'jira_unexpected'],
    ['redirects to a maintenance page', { kind: 'redirect', location: '/maintenance' }, 'jira_unexpected'],
    ['is behind a firewall that refuses everything', { kind: 'firewall' }, 'jira_unexpected'],
    ['refuses the credentials with 200 and nothing', { kind: 'emptyAuthFailure' }, 'jira_credentials_refused'],
    ['is under maintenance', { kind: 'unavailable' }, 'jira_unavailable'],
    ['limits the rate and asks for a pause', { kind: 'tooManyRequests', retryAfterSeconds: 1 }, 'jira_rate_limited'],
  ])(
    '%s, one error of the node says so; when it is back, all changes arrive and the error is gone',
    async (_name, fault, code) => {
      const { load, change } = await scene();
      await onBoth(pair, fault);
      await change();
      await waitFor('the error of the node', async () => (await openErrors(pair.a)).length > 0, { timeoutMs: 20_000 });
      await change();
      expect(await openErrors(pair.a)).toEqual([{ code, impact: 'node' }]);
      await heal(pair);
      expectClean(await verdictOf(pair, load.expected));
    },
    60_000,
  );
});

describe('while connections to the database are killed', () => {
  it('nothing is lost, doubled or echoed', async () => {
    const { load, change } = await scene();
    for (let n = 0; n < 12; n += 1) {
      await change();
      for (const { databaseUrl } of [pair.a, pair.b]) {
        const name = new URL(databaseUrl).pathname.slice(1);
        await withAdmin(onDatabase(databaseUrl, 'postgres'), (client) =>
          client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]),
        );
      }
    }
    expectClean(await verdictOf(pair, load.expected));
  }, 60_000);
});

describe('a project that goes out of sight', () => {
  it('pauses the connection with a reason and removes nothing; after the permission is back everything goes on', async () => {
    const { load, keyA, keyB, change } = await scene();
    await pair.b.jira.control.hideProject({ project: 'TEST', user: 'admin' });
    await load.editFields(handsOf(pair.a, 'jane in A'), keyA);
    await waitFor(
      'the connection to be paused',
      async () =>
        (await pair.b.ctx.db.connection.findFirstOrThrow({ select: { statusCode: true } })).statusCode ===
        'project_hidden',
    );
    await waitFor(
      'the reason',
      async () => (await openErrors(pair.b)).map(({ code }) => code).join() === 'project_hidden',
    );
    expect(await pair.b.ctx.db.twin.count({ where: { status: 'local_removed' } })).toBe(0);
    await pair.b.jira.control.setWebhookFaults({ lost: 1 });
    await change();
    expect([(await pair.a.issue(keyA)).key, (await pair.b.issue(keyB)).key]).toEqual([keyA, keyB]);
    await pair.b.jira.control.hideProject({ project: 'TEST', user: 'admin', hidden: false });
    await setConnectionActive(pair.b.ctx, { id: pair.b.connectionId, active: true });
    expectClean(await verdictOf(pair, load.expected));
  }, 60_000);
});

describe('a connection that is deactivated', () => {
  it('keeps changes that no webhook told of, and catches up after activation', async () => {
    const { load, change } = await scene();
    for (const { jira } of [pair.a, pair.b]) await jira.control.setWebhookFaults({ lost: 1 });
    await setConnectionActive(pair.b.ctx, { id: pair.b.connectionId, active: false });
    await change();
    const polls = async (): Promise<number> => (await pair.b.jira.control.requests({ path: 'search' })).length;
    const before = await polls();
    await waitFor('polls in the meantime', async () => (await polls()) >= before + 3);
    await setConnectionActive(pair.b.ctx, { id: pair.b.connectionId, active: true });
    expectClean(await verdictOf(pair, load.expected));
  }, 60_000);

  it('tells the partner after activation that a pair was ended meanwhile', async () => {
    const { keyA, keyB } = await scene();
    const twin = await pair.a.ctx.db.twin.findFirstOrThrow({ where: { localIssueKey: keyA } });
    await setConnectionActive(pair.a.ctx, { id: pair.a.connectionId, active: false });
    await unexalateIssue(pair.a.ctx, { twinId: twin.id });
    await waitFor('the lane to be idle', async () => {
      const { wakeAt, leaseUntil } = await pair.a.ctx.db.twin.findUniqueOrThrow({ where: { id: twin.id } });
      return wakeAt === null && leaseUntil === null;
    });
    await setConnectionActive(pair.a.ctx, { id: pair.a.connectionId, active: true });
    await waitFor(
      'the partner to know',
      async () =>
        (await pair.b.ctx.db.twin.findFirstOrThrow({ where: { localIssueKey: keyB } })).status === 'unexalated',
    );
    expectClean(await verdictOf(pair));
  }, 60_000);
});

describe('a worker that was presumed dead', () => {
  it('can neither begin a write nor save or blame anything once another has its lane', async () => {
    const { load, keyA } = await scene();
    const { id } = await pair.a.ctx.db.twin.findFirstOrThrow({ where: { localIssueKey: keyA } });
    const slow = await takeLane(pair.a.ctx, id, 'slow');
    if (slow === null) throw new Error('The lane was not free.');
    slow.lease.release();
    await pair.a.ctx.db.$executeRaw`UPDATE twin SET "leaseUntil" = now() - interval '1 second' WHERE id = ${id}::uuid`;
    const next = await waitFor('the lane to be taken over', () => takeLane(pair.a.ctx, id, 'next'));

    let written = 0;
    const intent = { kind: 'add_comment', subject: 'initiator:1', detail: { body: 'never' } } as const;
    const write = (): Promise<number> => Promise.resolve((written += 1));
    await expect(writeOnce(slow, intent, write, () => undefined)).rejects.toThrow('taken over');
    await expect(saveLane(slow)).rejects.toThrow('taken over');
    await leaveLane(slow, null);
    expect(written).toBe(0);
    const { connectionId } = pair.a;
    await recordFault(pair.a.ctx, new Fault('internal', 'too late'), { twinId: id, connectionId, fence: slow.fence });
    expect(await openErrors(pair.a)).toEqual([]);
    expect((await pair.a.ctx.db.twin.findUniqueOrThrow({ where: { id } })).leaseOwner).toBe('next');

    await leaveLane(next, new Date());
    expectClean(await verdictOf(pair, load.expected));
  });
});
