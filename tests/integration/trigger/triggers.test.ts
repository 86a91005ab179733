import { beforeEach, describe, expect, it } from 'vitest';
import { setConnectionActive } from '#/services/connection/set-connection-active.ts';
import { capture } from '#/services/sync/capture.ts';
import { checkJql } from '#/services/trigger/check-jql.ts';
import { createTrigger } from '#/services/trigger/create-trigger.ts';
import { deleteTrigger } from '#/services/trigger/delete-trigger.ts';
import { listTriggers } from '#/services/trigger/list-triggers.ts';
import { setTriggerActive } from '#/services/trigger/set-trigger-active.ts';
import { updateTrigger } from '#/services/trigger/update-trigger.ts';
import { unexalateIssue } from '#/services/twin/unexalate-issue.ts';
import { randomUUID } from 'node:crypto';
import { usePair } from '../../support/pair.ts';
import { waitFor } from '../../support/wait-for.ts';

const pair = usePair();

async function newIssue(fields: Record<string, unknown> = {}): Promise<string> {
  const { json } = await pair.a.rest('POST', '/issue', {
    fields: { project: { key: 'TEST' }, issuetype: { name: 'Task' }, summary: 'An issue', ...fields },
  });
  return (json as { key: string }).key;
}

const trigger = (jql: string, more: Partial<Parameters<typeof createTrigger>[1]> = {}) =>
  createTrigger(pair.a.ctx, { connectionId: pair.a.connectionId, jql, ...more });

const twinOf = (key: string) => pair.a.ctx.db.twin.findFirst({ where: { localIssueKey: key } });

const synchronized = (key: string) =>
  waitFor(`${key} to be synchronized`, async () =>
    (await twinOf(key))?.status === 'synchronized' ? twinOf(key) : null,
  );

/** Polls have gone by that saw everything so far. */
async function polled(): Promise<void> {
  const last = await newIssue({ summary: 'the last one', labels: ['marker'] });
  await waitFor('the marker to be seen', async () => {
    const page = await pair.a.ctx.jira().search({ jql: `key = ${last}`, startAt: 0, maxResults: 1 });
    const node = await pair.a.ctx.db.node.findUniqueOrThrow({ where: { id: 1 } });
    return (node.captureWatermark?.getTime() ?? 0) >= (page.hits[0]?.updatedMs ?? Infinity);
  });
  await capture(pair.a.ctx);
  await waitFor('a poll of our own', async () => (await capture(pair.a.ctx)) !== null);
}

beforeEach(async () => {
  for (const company of [pair.a, pair.b]) {
    for (const { id } of await listTriggers(company.ctx)) await deleteTrigger(company.ctx, { triggerId: id });
  }
});

describe('a trigger', () => {
  it('puts issues under sync that match when they are created or changed, and no others', async () => {
    await trigger('project = TEST AND labels = partner ORDER BY created');
    const [created, changed, other] = [await newIssue({ labels: ['partner'] }), await newIssue(), await newIssue()];
    await synchronized(created);
    await pair.a.rest('PUT', `/issue/${changed}`, { fields: { labels: ['partner'] } });
    const twin = await synchronized(changed);
    expect((await pair.b.issue(twin.remoteIssueKey ?? '')).summary).toBe('An issue');
    await polled();
    expect(await twinOf(other)).toBeNull();
  });

  it('starts sync only: what stops matching stays under sync', async () => {
    await trigger('labels = partner');
    const key = await newIssue({ labels: ['partner'] });
    const twin = await synchronized(key);
    await pair.a.rest('PUT', `/issue/${key}`, { fields: { labels: [], summary: 'no longer matching' } });
    await waitFor(
      'the change',
      async () => (await pair.b.issue(twin.remoteIssueKey ?? '')).summary === 'no longer matching',
    );
  });

  it('leaves alone what matched before it was made, and tells how many that are', async () => {
    const old = await newIssue({ labels: ['before'] });
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    expect(await trigger('labels = before')).toMatchObject({ matches: 1 });
    await polled();
    expect(await twinOf(old)).toBeNull();
    await pair.a.rest('PUT', `/issue/${old}`, { fields: { summary: 'changed now' } });
    await synchronized(old);
  });

  it('makes one twin of an issue that two triggers find', async () => {
    await Promise.all([trigger('labels = twice'), trigger('project = TEST')]);
    const key = await newIssue({ labels: ['twice'] });
    await synchronized(key);
    expect(await pair.a.ctx.db.twin.count({ where: { localIssueKey: key } })).toBe(1);
    await pair.quiet();
    expect((await pair.b.jira.control.dump()).filter((issue) => issue.labels.includes('never')).length).toBe(0);
  });

  it('that is off ignores changes, also those made before it is switched on again', async () => {
    const { triggerId } = await trigger('labels = switch', { active: false });
    const ignored = await newIssue({ labels: ['switch'] });
    await polled();
    await new Promise((resolve) => setTimeout(resolve, 2_100));
    await setTriggerActive(pair.a.ctx, { triggerId, active: true });
    const taken = await newIssue({ labels: ['switch'] });
    await synchronized(taken);
    expect(await twinOf(ignored)).toBeNull();
  });

  it('catches up with what changed while its connection was off', async () => {
    await trigger('labels = paused');
    await polled();
    await setConnectionActive(pair.a.ctx, { id: pair.a.connectionId, active: false });
    const key = await newIssue({ labels: ['paused'] });
    await polled();
    expect(await twinOf(key)).toBeNull();
    await setConnectionActive(pair.a.ctx, { id: pair.a.connectionId, active: true });
    await synchronized(key);
  });

  it('does not put back what an admin took out of sync', async () => {
    await trigger('labels = out');
    const key = await newIssue({ labels: ['out'] });
    const twin = await synchronized(key);
    await unexalateIssue(pair.a.ctx, { twinId: twin.id });
    await pair.a.rest('PUT', `/issue/${key}`, { fields: { summary: 'still matching' } });
    await polled();
    expect(await pair.a.ctx.db.twin.count({ where: { localIssueKey: key } })).toBe(1);
  });

  it('never sends back what sync has created, not even after all memory of it is gone', async () => {
    await createTrigger(pair.b.ctx, { connectionId: pair.b.connectionId, jql: 'project = TEST' });
    const key = await newIssue({ summary: 'there and not back' });
    const twin = await pair.sync(key);
    await pair.b.rest('PUT', `/issue/${twin}`, { fields: { labels: ['touched'] } });
    await waitFor('polls', async () => (await capture(pair.b.ctx)) !== null);
    expect(await pair.b.ctx.db.twin.count({ where: { localIssueKey: twin } })).toBe(1);
    await pair.b.ctx.db.twin.deleteMany({ where: { localIssueKey: twin } });
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    await pair.b.rest('PUT', `/issue/${twin}`, { fields: { labels: ['again'] } });
    const seen = await newIssueInB();
    await waitFor('a later issue to be taken', () => pair.b.ctx.db.twin.findFirst({ where: { localIssueKey: seen } }));
    expect(await pair.b.ctx.db.twin.count({ where: { localIssueKey: twin } })).toBe(0);
  });

  it('waits while sync may be creating the very issue', async () => {
    await createTrigger(pair.b.ctx, { connectionId: pair.b.connectionId, jql: 'labels = young' });
    const lost = await pair.b.ctx.db.twin.create({
      data: { id: randomUUID(), uid: randomUUID(), connectionId: pair.b.connectionId, exalatedBy: 'partner' },
    });
    await pair.b.ctx.db.writeIntent.create({
      data: {
        id: randomUUID(),
        twinId: lost.id,
        kind: 'create_issue',
        subject: '',
        detail: { projectKey: 'TEST' },
        fence: 0,
        startedAt: new Date(),
      },
    });
    const { key } = await pair.b.jira.control.createIssue({
      project: 'TEST',
      user: 'admin',
      issue: { type: 'Task', summary: 'whose is it?', labels: ['young'] },
    });
    const other = await newIssueInB(['young']);
    await waitFor('the issue of a person', () => pair.b.ctx.db.twin.findFirst({ where: { localIssueKey: other } }));
    await waitFor('a poll', async () => (await capture(pair.b.ctx)) !== null);
    expect(await pair.b.ctx.db.twin.findFirst({ where: { localIssueKey: key } })).toBeNull();
    await pair.b.ctx.db.twin.delete({ where: { id: lost.id } });
    await waitFor('it to be taken after all', () => pair.b.ctx.db.twin.findFirst({ where: { localIssueKey: key } }));
  });
});

async function newIssueInB(labels: string[] = []): Promise<string> {
  const { json } = await pair.b.rest('POST', '/issue', {
    fields: { project: { key: 'TEST' }, issuetype: { name: 'Task' }, summary: 'In B', labels },
  });
  return (json as { key: string }).key;
}

describe('a trigger whose query Jira refuses', () => {
  it('is an error of its own, stops no other trigger, and heals when the query is corrected', async () => {
    await pair.a.jira.control.createProject({ key: 'GONE', name: 'Gone', issueTypes: ['Task'] });
    const { triggerId } = await trigger('project = GONE');
    await trigger('labels = healthy');
    await pair.a.jira.control.hideProject({ project: 'GONE', user: 'admin' });
    const healthy = await newIssue({ labels: ['healthy'] });
    await synchronized(healthy);
    const error = await waitFor('the error', () =>
      pair.a.ctx.db.syncError.findFirst({ where: { impact: 'trigger', resolvedAt: null } }),
    );
    expect(error).toMatchObject({ code: 'trigger_failed', connectionId: pair.a.connectionId });
    expect(error.detail).toContain('GONE');
    const row = (await listTriggers(pair.a.ctx)).find(({ id }) => id === triggerId);
    expect(row?.error?.id).toBe(error.id);
    await updateTrigger(pair.a.ctx, {
      triggerId,
      connectionId: pair.a.connectionId,
      jql: 'labels = mended',
      active: true,
    });
    expect((await listTriggers(pair.a.ctx)).find(({ id }) => id === triggerId)?.error).toBeNull();
    await synchronized(await newIssue({ labels: ['mended'] }));
  });

  it.each([
    ['nonsense =', /./],
    ['project = NOSUCH', /NOSUCH/],
    ['labels = a) OR (labels = b', /./],
    ['  ', /enter a query/],
    ['ORDER BY created', /enter a query/],
  ])('is told at once: %s', async (jql, text) => {
    await expect(checkJql(pair.a.ctx, { jql })).rejects.toMatchObject({
      code: 'invalid_input',
      field: 'jql',
      summary: expect.stringMatching(text) as string,
    });
    await expect(trigger(jql)).rejects.toMatchObject({ field: 'jql' });
    expect(await listTriggers(pair.a.ctx)).toEqual([]);
  });
});

describe('an idle poll', () => {
  it('costs one search whatever the number of triggers', async () => {
    await Promise.all(['one', 'two', 'three'].map((label) => trigger(`labels = ${label}`)));
    await newIssue();
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    await waitFor('a poll', async () => (await capture(pair.a.ctx)) !== null);
    await pair.a.jira.control.resetStatistics();
    await waitFor('a poll', async () => (await capture(pair.a.ctx)) !== null);
    const searches = (await pair.a.jira.control.requests({ user: 'admin' })).filter(({ endpoint }) =>
      endpoint.includes('search'),
    );
    expect(searches.length).toBeLessThanOrEqual(2); // ours, and perhaps one of the worker
  });
});

describe('the list of triggers', () => {
  it('names the connection and can be that of one connection', async () => {
    const { triggerId } = await trigger('labels = listed', { notes: 'for the auditors' });
    const [row] = await listTriggers(pair.a.ctx, { connectionId: pair.a.connectionId });
    expect(row).toMatchObject({
      id: triggerId,
      connection: { id: pair.a.connectionId, status: 'active' },
      notes: 'for the auditors',
      active: true,
      createdBy: 'admin',
      run: null,
    });
  });
});
