import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { retryError } from '#/services/error/retry-error.ts';
import { syncStatus } from '#/services/twin/sync-status.ts';
import type { IssueDump } from '../../../simulator/control/api.ts';
import { exalating } from '../../support/exalating.ts';
import { usePair } from '../../support/pair.ts';
import { waitFor } from '../../support/wait-for.ts';

const pair = usePair();
const { issueInA, exalate, outcome } = exalating(pair);

async function typesInB(issueTypes: string[], defaultIssueType: string | null): Promise<void> {
  await pair.b.jira.control.setProjectTypes({ project: 'TEST', issueTypes, defaultIssueType });
  pair.b.ctx.jira().forgetCaches();
}

async function issueInB(twinId: string): Promise<IssueDump> {
  const { remoteIssueKey } = await pair.a.ctx.db.twin.findUniqueOrThrow({ where: { id: twinId } });
  return pair.b.issue(remoteIssueKey ?? '');
}

const allTypes = ['Task', 'Bug', 'Improvement', 'Story', 'Epic', 'Sub-task'];

describe('the issue type of a twin', () => {
  it('is the type of the same name, whatever its case', async () => {
    await typesInB(['Task', 'BUG', 'Story'], 'Task');
    expect((await pair.b.issue(await pair.sync(await issueInA('Bug')))).type).toBe('BUG');
  });

  it('is the default of the scheme where the name is missing, and the timeline says so', async () => {
    await typesInB(['Task', 'Story', 'Bug'], 'Story');
    const key = await pair.sync(await issueInA('Improvement'));
    expect((await pair.b.issue(key)).type).toBe('Story');
    const twin = await pair.b.ctx.db.twin.findFirstOrThrow({ where: { localIssueKey: key } });
    const { timeline } = await syncStatus(pair.b.ctx, { twinId: twin.id });
    expect(timeline.map(({ text }) => text).join()).toContain(
      'There is no issue type "Improvement" here; Story was used',
    );
  });

  it('is Task where there is no default', async () => {
    await typesInB(['Bug', 'Task'], null);
    expect((await pair.b.issue(await pair.sync(await issueInA('Improvement')))).type).toBe('Task');
  });

  it('is an error that names the types there are, where there is neither, and retry cures it', async () => {
    await typesInB(['Bug', 'Story'], null);
    const twinId = await exalate(await issueInA('Improvement'));
    const failed = await outcome(twinId);
    expect(failed.status).toBe('Error');
    const error = await pair.b.ctx.db.syncError.findFirstOrThrow({
      where: { code: 'no_issue_type', resolvedAt: null },
    });
    expect(error.detail).toContain('TEST has: Story, Bug');
    await typesInB(allTypes, 'Task');
    await retryError(pair.b.ctx, { id: error.id });
    await waitFor('the cured sync', async () => (await syncStatus(pair.a.ctx, { twinId })).status === 'Synchronized');
    expect(await pair.b.ctx.db.syncError.count({ where: { resolvedAt: null } })).toBe(0);
  });

  it('of an Epic comes with the summary as Epic Name where the project demands one', async () => {
    await typesInB(allTypes, 'Task');
    const epicName = await pair.a.jira.control.customFieldId({ name: 'Epic Name' });
    const key = await issueInA('Epic', epicName.id === null ? {} : { [epicName.id]: 'Short' });
    const twin = await pair.sync(key);
    expect((await pair.b.issue(twin)).type).toBe('Epic');
  });

  it('of a sub-task is kept under the twin of its parent', async () => {
    await typesInB(allTypes, 'Task');
    const parent = await issueInA('Task', { summary: 'The parent' });
    const parentTwin = await pair.sync(parent);
    const child = await issueInA('Sub-task', { parent: { key: parent } });
    const childTwin = await pair.b.issue(await pair.sync(child));
    expect(childTwin).toMatchObject({ type: 'Sub-task', parent: parentTwin });
  });

  it('of a sub-task falls back where its parent is not under sync, and the timeline says so', async () => {
    await typesInB(allTypes, 'Task');
    const parent = await issueInA('Task', { summary: 'Not under sync' });
    const key = await pair.sync(await issueInA('Sub-task', { parent: { key: parent } }));
    expect(await pair.b.issue(key)).toMatchObject({ type: 'Task', parent: null });
  });

  it('of a sub-task is kept also when its parent comes under sync at the same time', async () => {
    await typesInB(allTypes, 'Task');
    const parent = await issueInA('Task', { summary: 'Together with its sub-task' });
    const child = await issueInA('Sub-task', { parent: { key: parent } });
    const slow = { method: 'POST', path: '/issue$', user: 'admin' };
    await pair.b.jira.control.addFault({ kind: 'latency', ms: 1_500, match: slow });
    const parentTwin = await exalate(parent);
    const childTwin = await exalate(child);
    for (const twinId of [parentTwin, childTwin]) expect((await outcome(twinId)).status).toBe('Synchronized');
    const [made, under] = await Promise.all([parentTwin, childTwin].map(issueInB));
    expect(under).toMatchObject({ type: 'Sub-task', parent: made?.key });
  });

  it('of a sub-task falls back where its parent cannot be created, or does not come', async () => {
    await typesInB(allTypes, 'Task');
    const { control } = pair.b.jira;
    await control.setScreen({ project: 'TEST', type: 'Story', add: ['environment'], require: ['environment'] });
    pair.b.ctx.jira().forgetCaches();
    const refused = await issueInA('Story', { summary: 'Refused over there' });
    const refusedTwin = await exalate(refused);
    const childTwin = await exalate(await issueInA('Sub-task', { parent: { key: refused } }));
    expect((await outcome(childTwin)).status).toBe('Synchronized');
    expect(await issueInB(childTwin)).toMatchObject({ type: 'Task', parent: null });
    await control.setScreen({ project: 'TEST', type: 'Story', unrequire: ['environment'] });
    pair.b.ctx.jira().forgetCaches();
    const error = await pair.b.ctx.db.syncError.findFirstOrThrow({
      where: { code: 'required_fields', resolvedAt: null },
    });
    await retryError(pair.b.ctx, { id: error.id });
    await waitFor(
      'the cured sync',
      async () => (await syncStatus(pair.a.ctx, { twinId: refusedTwin })).status === 'Synchronized',
    );

    const silent = await pair.a.issue(
      await issueInA('Task', { summary: 'Its lane is in the hands of a stopped worker' }),
    );
    const silentTwin = await pair.a.ctx.db.twin.create({
      data: {
        id: randomUUID(),
        uid: randomUUID(),
        connectionId: pair.a.connectionId,
        localIssueId: silent.id,
        localIssueKey: silent.key,
        localProjectKey: 'TEST',
        exalatedBy: 'jane',
        leaseUntil: new Date(Date.now() + 3_600_000),
      },
    });
    const orphan = await exalate(await issueInA('Sub-task', { parent: { key: silent.key } }));
    const waiting = { path: ['parentAwaitedMs'], gt: 0 };
    const there = await waitFor('the sub-task to wait', () =>
      pair.b.ctx.db.twin.findFirst({ where: { remoteProgress: waiting, localIssueId: null } }),
    );
    await pair.b.ctx.db.$executeRaw`
      UPDATE twin SET "remoteProgress" = "remoteProgress" || '{"parentAwaitedMs": 1}' WHERE id = ${there.id}::uuid`;
    expect((await outcome(orphan)).status).toBe('Synchronized');
    expect(await issueInB(orphan)).toMatchObject({ type: 'Task', parent: null });
    await pair.a.ctx.db.twin.delete({ where: { id: silentTwin.id } });
  });

  it('stays where Jira does not allow the change, is noted, and nothing ping-pongs', async () => {
    await typesInB(allTypes, 'Task');
    const key = await issueInA('Task', { summary: 'type changes later' });
    const twin = await pair.sync(key);
    await typesInB(['Task', 'Story'], 'Task');
    await pair.a.rest('PUT', `/issue/${key}`, { fields: { issuetype: { name: 'Bug' } } });
    const row = await waitFor('the note', async () => {
      const found = await pair.b.ctx.db.twin.findFirstOrThrow({ where: { localIssueKey: twin } });
      return (
        (await pair.b.ctx.db.timelineEntry.findFirst({ where: { twinId: found.id, kind: 'type_not_changed' } })) ?? null
      );
    });
    expect(row.data).toMatchObject({ wanted: 'Bug', kept: 'Task' });
    await pair.quiet();
    expect([(await pair.a.issue(key)).type, (await pair.b.issue(twin)).type]).toEqual(['Bug', 'Task']);
    await typesInB(allTypes, 'Task');
  });
});
