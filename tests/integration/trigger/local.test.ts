import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { getRun } from '#/services/bulk/get-run.ts';
import { startBulkExalate } from '#/services/bulk/start-bulk-exalate.ts';
import { initiateConnection } from '#/services/connection/initiate-connection.ts';
import { createTrigger } from '#/services/trigger/create-trigger.ts';
import { connectIssues } from '#/services/twin/connect-issues.ts';
import { usePair } from '../../support/pair.ts';
import { waitFor } from '../../support/wait-for.ts';

const pair = usePair();
let connectionId = '';

async function newIssue(project: string, fields: Record<string, unknown> = {}): Promise<string> {
  const { json } = await pair.a.rest('POST', '/issue', {
    fields: { project: { key: project }, issuetype: { name: 'Task' }, summary: 'local', ...fields },
  });
  return (json as { key: string }).key;
}

const count = async (label: string) =>
  (await pair.a.jira.control.dump()).filter(({ summary }) => summary === label).length;

beforeAll(async () => {
  await pair.a.jira.control.createProject({ key: 'OTHER', name: 'Other', issueTypes: ['Task', 'Bug'] });
  const projects = await pair.a.ctx.jira().projects();
  const id = (key: string) => projects.find((project) => project.key === key)?.id ?? '';
  const made = await initiateConnection(pair.a.ctx, {
    draftId: randomUUID(),
    destinationUrl: pair.a.node.url,
    mode: 'BASIC',
    projectId: id('TEST'),
    secondProjectId: id('OTHER'),
  });
  connectionId = made.connectionId;
});

const settled = (key: string) =>
  waitFor(`${key} to be synchronized`, () =>
    pair.a.ctx.db.twin.findFirst({ where: { localIssueKey: key, status: 'synchronized' } }),
  );

describe('a local connection', () => {
  it('whose trigger matches both of its projects makes one twin of each issue and never a twin of a twin', async () => {
    const { triggerId } = await createTrigger(pair.a.ctx, { connectionId, jql: 'project in (TEST, OTHER)' });
    const keys = await Promise.all(Array.from({ length: 6 }, () => newIssue('TEST', { summary: 'looped?' })));
    for (const key of keys) await settled(key);
    await waitFor(
      'all of it to be quiet',
      async () => (await pair.a.ctx.db.twin.count({ where: { status: { not: 'synchronized' } } })) === 0,
    );
    const { runId } = await startBulkExalate(pair.a.ctx, { triggerId });
    await waitFor('the run to end', async () => (await getRun(pair.a.ctx, { runId })).endedAt !== null);
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(await count('looped?')).toBe(12);
    expect(await pair.a.ctx.db.twin.count({ where: { endedAt: null } })).toBe(12);
    await pair.a.ctx.db.trigger.deleteMany();
  });

  it('connects two issues of one Jira, but none with itself or with one under sync at its other end', async () => {
    const [a, b, c] = [
      await newIssue('TEST', { summary: 'left' }),
      await newIssue('OTHER', { summary: 'right' }),
      await newIssue('TEST'),
    ];
    const ask = (localKey: string, remoteKey: string) =>
      connectIssues(pair.a.ctx, {
        connectionId,
        localKey,
        remoteKey,
        existing: { comments: true, attachments: true },
        winner: 'local',
      });
    await expect(ask(a, a)).rejects.toMatchObject({ summary: expect.stringContaining('with itself') as string });
    await ask(a, b);
    await settled(a);
    expect((await pair.a.issue(b)).summary).toBe('left');
    await expect(ask(b, c)).rejects.toMatchObject({ code: 'conflict' });
    await expect(ask(c, a)).rejects.toMatchObject({ code: 'partner_refused' });
    expect(await pair.a.ctx.db.twin.count({ where: { localIssueKey: c } })).toBe(0);
  });
});
