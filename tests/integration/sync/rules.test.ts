import { beforeAll, describe, expect, it } from 'vitest';
import { faults } from '#/engine/fault/faults.ts';
import { listErrors } from '#/services/error/list-errors.ts';
import { nodeOverview } from '#/services/node/overview.ts';
import { setConnectionActive } from '#/services/connection/set-connection-active.ts';
import { listTwins } from '#/services/twin/list-twins.ts';
import { syncTwinNow } from '#/services/twin/sync-twin-now.ts';
import { exalateIssue } from '#/services/twin/exalate-issue.ts';
import { retryError } from '#/services/error/retry-error.ts';
import { syncStatus } from '#/services/twin/sync-status.ts';
import { unexalateIssue } from '#/services/twin/unexalate-issue.ts';
import { exalating } from '../../support/exalating.ts';
import { usePair } from '../../support/pair.ts';
import { waitFor } from '../../support/wait-for.ts';

const pair = usePair();

const { issueInA, exalate, outcome } = exalating(pair);

describe('what the destination refuses', () => {
  it('required fields that Basic mode does not fill are named, also when Jira has only just begun to demand them', async () => {
    await outcome(await exalate(await issueInA('Story')));
    await pair.b.jira.control.setScreen({
      project: 'TEST',
      type: 'Story',
      add: ['environment'],
      require: ['environment'],
    });
    const status = await outcome(await exalate(await issueInA('Story')));
    expect(status.error?.summary).toContain('demands fields');
    const error = await pair.b.ctx.db.syncError.findFirstOrThrow({
      where: { code: 'required_fields', resolvedAt: null },
    });
    expect(error.detail).toContain('Environment');
    await pair.b.jira.control.setScreen({ project: 'TEST', type: 'Story', unrequire: ['environment'] });
    pair.b.ctx.jira().forgetCaches();
    await retryError(pair.b.ctx, { id: error.id });
    await pair.quiet();
  });

  it('required fields that have become optional since they were read make no error', async () => {
    await pair.b.jira.control.setScreen({
      project: 'TEST',
      type: 'Bug',
      add: ['environment'],
      require: ['environment'],
    });
    expect((await outcome(await exalate(await issueInA('Bug')))).error?.summary).toContain('demands fields');
    await pair.b.jira.control.setScreen({ project: 'TEST', type: 'Bug', unrequire: ['environment'] });
    expect(await pair.sync(await issueInA('Bug'))).toMatch(/^TEST-/);
    const { id } = await pair.b.ctx.db.syncError.findFirstOrThrow({
      where: { code: 'required_fields', resolvedAt: null },
    });
    await retryError(pair.b.ctx, { id });
    await pair.quiet();
  });

  it('what stops the other side is an open error here too, with cause and remedy, and a retry from here is tried there', async () => {
    const { a, b } = pair;
    const screen = { project: 'TEST', type: 'Bug' };
    await b.jira.control.setScreen({ ...screen, add: ['environment'], require: ['environment'] });
    b.ctx.jira().forgetCaches();
    const before = (await nodeOverview(a.ctx)).openErrors;
    const twinId = await exalate(await issueInA('Bug'));
    await outcome(twinId);
    const { rows } = await listErrors(a.ctx, {});
    const error = rows.find(({ twin }) => twin?.id === twinId);
    expect(error).toMatchObject({
      impact: 'Issue',
      summary: `On the other side: ${faults.required_fields.summary}`,
      why: `${faults.required_fields.why} TEST demands for Bug: Environment.`,
      remedy: `On the other side: ${faults.required_fields.remedy}`,
      detail: 'TEST demands for Bug: Environment.',
    });
    expect((await nodeOverview(a.ctx)).openErrors).toBe(before + 1);
    await pair.quiet();

    await b.jira.control.setScreen({ ...screen, unrequire: ['environment'] });
    await retryError(a.ctx, { id: error?.id ?? '' });
    await waitFor('the cured sync', async () => (await syncStatus(a.ctx, { twinId })).status === 'Synchronized');
    expect((await nodeOverview(a.ctx)).openErrors).toBe(before);
  });

  it('"Sync now" of a pair with which the other side is stuck is tried there', async () => {
    const { a, b } = pair;
    const screen = { project: 'TEST', type: 'Bug' };
    await b.jira.control.setScreen({ ...screen, add: ['environment'], require: ['environment'] });
    b.ctx.jira().forgetCaches();
    const twinId = await exalate(await issueInA('Bug'));
    expect((await outcome(twinId)).error?.why).toContain('TEST demands for Bug: Environment.');
    await pair.quiet();
    await b.jira.control.setScreen({ ...screen, unrequire: ['environment'] });
    await syncTwinNow(a.ctx, { twinId });
    await waitFor('the cured sync', async () => (await syncStatus(a.ctx, { twinId })).status === 'Synchronized');
  });

  it('what stops the other side is no open error any more once the pair is taken out of sync', async () => {
    const { a, b } = pair;
    const screen = { project: 'TEST', type: 'Bug' };
    await b.jira.control.setScreen({ ...screen, add: ['environment'], require: ['environment'] });
    b.ctx.jira().forgetCaches();
    const twinId = await exalate(await issueInA('Bug'));
    await outcome(twinId);
    await unexalateIssue(a.ctx, { twinId });
    for (const { ctx } of [a, b])
      await waitFor('no open error', async () => (await ctx.db.syncError.count({ where: { resolvedAt: null } })) === 0);
    await b.jira.control.setScreen({ ...screen, unrequire: ['environment'] });
  });

  it('a text that is too long there is an error and nothing is cut', async () => {
    const key = await issueInA('Task', { summary: 'long text', description: 'x'.repeat(5000) });
    await pair.b.jira.control.configure({ textLimit: 4000 });
    const twinId = await exalate(key);
    expect((await outcome(twinId)).error?.summary).toContain('did not accept');
    const error = await pair.b.ctx.db.syncError.findFirstOrThrow({ where: { code: 'jira_invalid', resolvedAt: null } });
    expect(error.detail).toMatch(/4,000|4000/);
    await pair.b.jira.control.configure({ textLimit: 32_767 });
    await retryError(pair.b.ctx, { id: error.id });
    await waitFor('the cured sync', async () => (await syncStatus(pair.a.ctx, { twinId })).status === 'Synchronized');
  });

  it('an attachment that is too large there stops that issue before anything is sent, and its texts still follow', async () => {
    const key = await issueInA('Task', { summary: 'large file' });
    const twin = await pair.sync(key);
    await pair.b.jira.control.configure({ attachmentLimitBytes: 1000 });
    pair.b.ctx.jira().forgetCaches();
    await pair.a.jira.control.createAttachment({ key, user: 'jane', filename: 'large.bin', bytes: 2000 });
    const error = await waitFor('the error', () =>
      pair.b.ctx.db.syncError.findFirst({ where: { code: 'attachment_too_large', resolvedAt: null } }),
    );
    expect(error.detail).toContain('large.bin');
    await pair.a.rest('PUT', `/issue/${key}`, { fields: { summary: 'still follows' } });
    await waitFor('the edit', async () => (await pair.b.issue(twin)).summary === 'still follows');
    await pair.b.jira.control.configure({ attachmentLimitBytes: 10_485_760 });
    pair.b.ctx.jira().forgetCaches();
    await retryError(pair.b.ctx, { id: error.id });
    await waitFor('the file', async () => (await pair.b.issue(twin)).attachments.length === 1);
  });
});

describe('an edit that comes between the read and the write', () => {
  it('is merged back in and wins where it is the later one', async () => {
    const key = await issueInA('Task', { summary: 'race' });
    const twin = await pair.sync(key);
    // B answers the read before the write late; in that time somebody edits there.
    await pair.b.jira.control.addFault({
      kind: 'latency',
      ms: 600,
      match: { method: 'PUT', path: '/issue/', user: 'admin', count: 1 },
    });
    await pair.a.rest('PUT', `/issue/${key}`, { fields: { summary: 'from A' } });
    await waitFor('the write to be under way', async () =>
      (await pair.b.jira.control.statistics()).endpoints.some(
        ({ endpoint, inFlight }) => /^PUT .*issue/.test(endpoint) && inFlight > 0,
      ),
    );
    await pair.b.rest('PUT', `/issue/${twin}`, { fields: { summary: 'from a person in B' } });
    await waitFor('both to show the later edit', async () => {
      const [a, b] = [await pair.a.issue(key), await pair.b.issue(twin)];
      return a.summary === 'from a person in B' && b.summary === 'from a person in B';
    });
    const row = await pair.b.ctx.db.twin.findFirstOrThrow({ where: { localIssueKey: twin } });
    const { timeline } = await syncStatus(pair.b.ctx, { twinId: row.id });
    expect(timeline.filter(({ text }) => text.includes('Both sides changed')).map(({ detail }) => detail)).toContain(
      'from A',
    );
  });
});

describe('the end of a pair', () => {
  it('deleting an issue ends the sync and leaves the twin, which says so', async () => {
    const key = await issueInA('Task', { summary: 'to be deleted' });
    const twin = await pair.sync(key);
    await pair.a.jira.control.deleteIssue({ key });
    await waitFor('the other side to know', async () => {
      const row = await pair.b.ctx.db.twin.findFirstOrThrow({ where: { localIssueKey: twin } });
      return row.status === 'remote_removed';
    });
    expect((await pair.b.issue(twin)).summary).toBe('to be deleted');
  });

  it('unexalating leaves both issues, stops the flow, and the issue can be put under sync again', async () => {
    const key = await issueInA('Task', { summary: 'in and out' });
    const twin = await pair.sync(key);
    await unexalateIssue(pair.a.ctx, { twinId: await exalate(key) });
    await waitFor(
      'the other side to know',
      async () =>
        (await pair.b.ctx.db.twin.findFirstOrThrow({ where: { localIssueKey: twin } })).status === 'unexalated',
    );
    await pair.a.rest('PUT', `/issue/${key}`, { fields: { summary: 'no longer followed' } });
    const second = await pair.sync(key);
    expect(second).not.toBe(twin);
    expect([(await pair.b.issue(twin)).summary, (await pair.b.issue(second)).summary]).toEqual([
      'in and out',
      'no longer followed',
    ]);
  });
});

describe('a deactivated connection', () => {
  it('shows its pairs as paused at once, wherever they are listed, and "Sync now" says why nothing happens', async () => {
    const { ctx, connectionId } = pair.a;
    const key = await issueInA('Task', { summary: 'to be paused' });
    await pair.sync(key);
    await setConnectionActive(ctx, { id: connectionId, active: false });
    const { rows } = await listTwins(ctx, { key });
    expect(rows).toMatchObject([{ status: 'Paused' }]);
    const twinId = rows[0]?.twinId ?? '';
    expect((await syncStatus(ctx, { twinId })).status).toBe('Paused');
    for (const filter of [{}, { key }, { connectionId }]) {
      const paused = await listTwins(ctx, { ...filter, status: 'paused' });
      expect(paused.rows.map((row) => row.twinId)).toContain(twinId);
    }
    expect((await listTwins(ctx, { key, status: 'synchronized' })).rows).toEqual([]);
    await expect(syncTwinNow(ctx, { twinId })).rejects.toMatchObject({
      remedy: expect.stringContaining('Activate') as string,
    });
    await setConnectionActive(ctx, { id: connectionId, active: true });
    expect((await listTwins(ctx, { key })).rows).toMatchObject([{ status: 'Synchronized' }]);
    await pair.quiet();
  });
});

describe('a wrong key', () => {
  beforeAll(async () => {
    await pair.a.jira.control.createProject({ key: 'HIDDEN', name: 'Hidden', issueTypes: ['Task'] });
    await pair.a.jira.control.createIssue({ project: 'HIDDEN', issue: { type: 'Task', summary: 'hidden' } });
    await pair.a.jira.control.hideProject({ project: 'HIDDEN', user: 'admin' });
  });

  it.each([
    ['that is malformed', 'not a key', 'is not an issue key'],
    ['that is empty', '  ', 'Please enter an issue key'],
    ['that is unknown', 'TEST-99999', 'was not found'],
    ['that is invisible', 'HIDDEN-1', 'was not found'],
  ])('%s gets its own text and leaves nothing behind', async (_name, key, text) => {
    const before = await pair.a.ctx.db.twin.count();
    await expect(exalateIssue(pair.a.ctx, { connectionId: pair.a.connectionId, issueKey: key })).rejects.toMatchObject({
      summary: expect.stringContaining(text) as string,
      remedy: expect.stringMatching(/.+/) as string,
    });
    expect(await pair.a.ctx.db.twin.count()).toBe(before);
  });

  it('of another project is taken only after a confirmation that names both', async () => {
    await pair.a.jira.control.createProject({ key: 'OTHER', name: 'Other project', issueTypes: ['Task'] });
    const { key } = await pair.a.jira.control.createIssue({
      project: 'OTHER',
      issue: { type: 'Task', summary: 'elsewhere' },
    });
    const asked = await exalateIssue(pair.a.ctx, { connectionId: pair.a.connectionId, issueKey: key });
    expect(asked).toEqual({
      kind: 'confirm_project',
      issueProject: { key: 'OTHER', name: 'Other project' },
      connectionProject: { key: 'TEST', name: 'Test' },
    });
    const confirmed = await exalateIssue(pair.a.ctx, {
      connectionId: pair.a.connectionId,
      issueKey: key,
      confirmOtherProject: true,
    });
    expect(confirmed.kind).toBe('started');
  });
});
