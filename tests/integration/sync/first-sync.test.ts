import { describe, expect, it } from 'vitest';
import { exalateIssue } from '#/services/twin/exalate-issue.ts';
import { type Company, usePair } from '../../support/pair.ts';
import { waitFor } from '../../support/wait-for.ts';

const pair = usePair();

async function newIssue(fields: Record<string, unknown> = {}): Promise<string> {
  const { json } = await pair.a.rest('POST', '/issue', {
    fields: { project: { key: 'TEST' }, issuetype: { name: 'Task' }, summary: 'A summary', ...fields },
  });
  return (json as { key: string }).key;
}

describe('the first sync', () => {
  it('creates one twin with summary, description, type, comments and attachments', async () => {
    const key = await newIssue({
      summary: 'Grüße aus 東京 🙂',
      description: 'h1. Heading\r\n\r\n* one\r\n* two\r\n\r\n!shot.png|thumbnail!',
      issuetype: { name: 'Bug' },
    });
    for (const body of ['first', 'second\nwith two lines', '{code}third{code}']) {
      await pair.a.rest('POST', `/issue/${key}/comment`, { body });
    }
    await pair.a.jira.control.createAttachment({ key, user: 'jane', filename: 'shot.png', bytes: 70_000 });
    await pair.a.jira.control.createAttachment({ key, user: 'jane', filename: 'Übersicht 税率 (1).txt', bytes: 12 });
    const original = await pair.a.issue(key);

    const twin = await pair.b.issue(await pair.sync(key));

    expect(twin).toMatchObject({ summary: original.summary, description: original.description, type: 'Bug' });
    expect(twin.comments.map(({ body }) => body)).toEqual([
      '*Jane Doe:*\nfirst',
      '*Jane Doe:*\nsecond\nwith two lines',
      '*Jane Doe:*\n{code}third{code}',
    ]);
    const files = (issue: typeof twin) =>
      issue.attachments.map(({ filename, sha256, size }) => ({ filename, sha256, size }));
    expect(files(twin)).toEqual(files(original));
  });

  it('makes one twin of an issue that is exalated ten times at once', async () => {
    const key = await newIssue({ summary: 'asked for ten times' });
    const before = (await pair.b.jira.control.dump()).length;
    const results = await Promise.all(
      Array.from({ length: 10 }, () => exalateIssue(pair.a.ctx, { connectionId: pair.a.connectionId, issueKey: key })),
    );
    await pair.sync(key);
    expect(new Set(results.map((result) => (result.kind === 'started' ? result.twinId : ''))).size).toBe(1);
    expect((await pair.b.jira.control.dump()).length).toBe(before + 1);
  });

  it('changes nothing on the side that it came from', async () => {
    const key = await newIssue({ summary: 'left alone' });
    await pair.a.jira.control.resetStatistics();
    await pair.sync(key);
    expect(await pair.a.jira.control.writes({ user: 'admin', key })).toEqual([]);
  });

  it('lets restricted comments arrive public', async () => {
    const key = await newIssue({ summary: 'with a restricted comment' });
    await pair.a.jira.control.addComment({
      key,
      user: 'admin',
      body: 'for administrators',
      visibility: { type: 'role', value: 'Administrators' },
    });
    const twin = await pair.b.issue(await pair.sync(key));
    expect(twin.comments).toMatchObject([{ body: '*Alice Admin:*\nfor administrators', visibility: null }]);
  });

  it('carries an empty description, a summary of 255 characters and right-to-left text', async () => {
    const summary = `${'x'.repeat(240)} שלום עולם`.slice(0, 255);
    const key = await newIssue({ summary });
    const twin = await pair.b.issue(await pair.sync(key));
    expect(twin).toMatchObject({ summary, description: null });
  });

  it('needs at most comments + attachments + 4 requests there, and attachments + 2 here', async () => {
    const key = await newIssue({ summary: 'counted' });
    for (const body of ['1', '2', '3']) await pair.a.rest('POST', `/issue/${key}/comment`, { body });
    await pair.a.jira.control.createAttachment({ key, filename: 'one.bin', bytes: 1000 });
    // A read in the second of a change, and each late webhook, asks for another look; here neither is what is counted.
    const changedAt = Date.now();
    await waitFor('the second of the last change to be over', () => Date.now() > changedAt + 1_000);
    await pair.a.jira.control.setWebhookFaults({ lost: 1 });
    await pair.b.jira.control.setWebhookFaults({ lost: 1 });
    await pair.a.jira.control.resetStatistics();
    await pair.b.jira.control.resetStatistics();
    const twin = await pair.sync(key);
    const there = await requestsFor(pair.b, twin);
    const here = await requestsFor(pair.a, key);
    expect(there.length, there.join('\n')).toBeLessThanOrEqual(3 + 1 + 4);
    expect(here.length, here.join('\n')).toBeLessThanOrEqual(1 + 2);
  });
});

/** What the proxy user asked of Jira for this issue: to it, to its files, and to create it. */
async function requestsFor({ jira, issue }: Company, key: string): Promise<string[]> {
  const { id, attachments } = await issue(key);
  const files = attachments.map((attachment) => `/secure/attachment/${attachment.id}/`);
  const own = [`/issue/${id}/`, `/issue/${key}/`, ...files];
  const requests = await jira.control.requests({ user: 'admin' });
  return requests
    .filter(
      ({ method, path }) =>
        own.some((place) => `${path}/`.includes(place)) || (method === 'POST' && path.endsWith('/rest/api/2/issue')),
    )
    .map(({ method, path }) => `${method} ${path}`);
}
