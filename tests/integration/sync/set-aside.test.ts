import { afterEach, describe, expect, it } from 'vitest';
import type { FaultEffect } from '../../../simulator/index.ts';
import { usePair } from '../../support/pair.ts';
import type { Company } from '../../support/pair.ts';
import { expectClean, quickNode, verdictOf } from '../../support/reliability.ts';
import { waitFor } from '../../support/wait-for.ts';

const pair = usePair({ nodeA: quickNode, nodeB: quickNode });

afterEach(async () => {
  await pair.b.jira.control.configure({ attachmentLimitBytes: 10_485_760 });
  await editable(true);
});

async function newIssue(summary: string): Promise<string> {
  const { json } = await pair.a.rest('POST', '/issue', {
    fields: { project: { key: 'TEST' }, issuetype: { name: 'Task' }, summary, description: 'text' },
  });
  return (json as { key: string }).key;
}

/** Whether the description is on B's edit screen; a new issue can have one either way. */
const editable = (yes: boolean) =>
  pair.b.jira.control.setScreen({ project: 'TEST', screen: 'edit', [yes ? 'add' : 'remove']: ['description'] });

const attach = (key: string, filename: string, bytes = 100) =>
  pair.a.jira.control.createAttachment({ key, user: 'jane', filename, bytes });

const openErrors = async (company: Company, key: string) =>
  company.ctx.db.syncError.findMany({
    where: { resolvedAt: null, OR: [{ twinId: null }, { twin: { localIssueKey: key } }] },
    select: { code: true, impact: true, detail: true },
  });

const errorOf = (company: Company, key: string) =>
  waitFor(`an error of ${key}`, async () => {
    const found = await openErrors(company, key);
    return found.length > 0 && found;
  });

const noErrors = (company: Company, key: string) =>
  waitFor(`no error of ${key}`, async () => (await openErrors(company, key)).length === 0, { timeoutMs: 30_000 });

const files = async (company: Company, key: string): Promise<string> =>
  (await company.issue(key)).attachments
    .map(({ filename }) => filename)
    .toSorted()
    .join();

const fileFaults: [string, FaultEffect, RegExp, RegExp][] = [
  [
    'Jira fails at it',
    { kind: 'respond', status: 500, headers: { 'X-AUSERNAME': 'admin' } },
    /answered 500/,
    /cannot read the file/,
  ],
  [
    'Jira answers with a log-in page, as 8.14.1 does to tokens',
    { kind: 'redirect', location: '/login.jsp?permissionViolation=true' },
    /redirected an attachment to .*login/,
    /log-in page/,
  ],
  [
    'it is missing on the disk',
    { kind: 'respond', status: 404, headers: { 'X-AUSERNAME': 'admin' } },
    /answered 404/,
    /missing on its disk/,
  ],
];

describe('a file that cannot be read at its source', () => {
  it.each(fileFaults)(
    'because %s: stops only itself, both sides say which and why, and it comes as soon as it can be read',
    async (_name, fault, saidThere, saidHere) => {
      const [key, other] = [await newIssue('with a broken file'), await newIssue('another')];
      const [copy, otherCopy] = [await pair.sync(key), await pair.sync(other)];
      await pair.a.jira.control.addFault({ ...fault, match: { user: 'admin', path: '/secure/attachment/.*broken' } });
      await attach(key, 'broken.bin');
      await attach(key, 'good.txt');
      await pair.a.rest('POST', `/issue/${key}/comment`, { body: 'goes on' });
      const [here] = await errorOf(pair.b, copy);
      expect(here).toEqual({
        code: 'partner_file_unreadable',
        impact: 'issue',
        detail: expect.stringMatching(saidHere),
      });
      expect(here?.detail).toContain('broken.bin');
      const [there] = await errorOf(pair.a, key);
      expect(there).toEqual({ code: 'file_unreadable', impact: 'issue', detail: expect.stringMatching(saidThere) });
      expect(there?.detail).toContain(`"broken.bin" of ${key}`);

      await waitFor('the other file', async () => (await files(pair.b, copy)) === 'good.txt');
      await waitFor('the comment', async () => (await pair.b.issue(copy)).comments.length === 1);
      await pair.a.rest('PUT', `/issue/${key}`, { fields: { summary: 'changed here' } });
      await waitFor('the field', async () => (await pair.b.issue(copy)).summary === 'changed here');
      await pair.b.rest('PUT', `/issue/${copy}`, { fields: { description: 'changed there' } });
      await waitFor('the way back', async () => (await pair.a.issue(key)).description === 'changed there');
      await pair.a.rest('PUT', `/issue/${other}`, { fields: { summary: 'not held back' } });
      await waitFor('the other issue', async () => (await pair.b.issue(otherCopy)).summary === 'not held back');
      for (const { ctx } of [pair.a, pair.b])
        expect(await ctx.db.connection.findFirstOrThrow({ select: { partnerFailures: true } })).toEqual({
          partnerFailures: 0,
        });
      expect((await openErrors(pair.a, key)).map(({ code }) => code)).toEqual(['file_unreadable']);
      expect((await openErrors(pair.b, copy)).map(({ code }) => code)).toEqual(['partner_file_unreadable']);

      await pair.a.jira.control.clearFaults();
      await waitFor('the file', async () => (await files(pair.b, copy)) === 'broken.bin,good.txt', {
        timeoutMs: 60_000,
      });
      await noErrors(pair.b, copy);
      await noErrors(pair.a, key);
      expectClean(await verdictOf(pair));
    },
    120_000,
  );

  it('is forgotten on both sides once it is deleted there', async () => {
    const key = await newIssue('with a file that is given up');
    const copy = await pair.sync(key);
    await pair.a.jira.control.addFault({
      kind: 'respond',
      status: 500,
      headers: { 'X-AUSERNAME': 'admin' },
      match: { user: 'admin', path: '/secure/attachment/.*broken' },
    });
    const { id } = await attach(key, 'broken.bin');
    await errorOf(pair.b, copy);
    await errorOf(pair.a, key);
    await pair.a.rest('DELETE', `/attachment/${id}`);
    await noErrors(pair.b, copy);
    await noErrors(pair.a, key);
    expectClean(await verdictOf(pair));
  }, 60_000);
});

describe('what Jira refuses for good', () => {
  it('as a file stops no file after it, and the error names it', async () => {
    const key = await newIssue('with a large file');
    const copy = await pair.sync(key);
    await pair.b.jira.control.configure({ attachmentLimitBytes: 1000 });
    await attach(key, 'large.bin', 2000);
    await attach(key, 'small.txt');
    const [error] = await errorOf(pair.b, copy);
    expect(error).toMatchObject({ code: 'attachment_too_large', detail: expect.stringContaining('large.bin') });
    await waitFor('the other file', async () => (await files(pair.b, copy)) === 'small.txt');
    expect(await openErrors(pair.b, copy)).toHaveLength(1);
    await pair.b.jira.control.configure({ attachmentLimitBytes: 10_485_760 });
    await pair.a.rest('POST', `/issue/${key}/comment`, { body: 'a change, with which it is tried again' });
    await waitFor('both files', async () => (await files(pair.b, copy)) === 'large.bin,small.txt');
    await noErrors(pair.b, copy);
    expectClean(await verdictOf(pair));
  }, 60_000);

  it('as a file of which it says 400 stops no file after it, and the error names it', async () => {
    const key = await newIssue('with an empty file');
    await attach(key, 'empty.txt');
    await attach(key, 'second.txt');
    await pair.b.jira.control.addFault({
      kind: 'respond',
      status: 400,
      contentType: 'application/json',
      body: '{"errorMessages":["Cannot attach empty file."]}',
      headers: { 'X-AUSERNAME': 'admin' },
      match: { user: 'admin', method: 'POST', path: '/attachments$', count: 1 },
    });
    await pair.sync(key).catch(() => undefined);
    const { twin, detail } = await waitFor('the refusal', () =>
      pair.b.ctx.db.syncError.findFirst({
        where: { code: 'jira_invalid', detail: { contains: 'empty.txt' } },
        include: { twin: true },
      }),
    );
    expect(detail).toContain('Cannot attach empty file.');
    const copy = twin?.localIssueKey ?? '';
    await waitFor('the other file', async () => (await files(pair.b, copy)).includes('second.txt'));
    await pair.a.rest('POST', `/issue/${key}/comment`, { body: 'a change, with which it is tried again' });
    await waitFor('both files', async () => (await files(pair.b, copy)) === 'empty.txt,second.txt');
    await noErrors(pair.b, copy);
    expectClean(await verdictOf(pair));
  }, 60_000);

  it('as one field stops no other, and the error names it', async () => {
    const key = await newIssue('before');
    const copy = await pair.sync(key);
    await editable(false);
    await pair.a.rest('PUT', `/issue/${key}`, { fields: { summary: 'after', description: 'new text' } });
    await waitFor('the summary', async () => (await pair.b.issue(copy)).summary === 'after');
    const [error] = await errorOf(pair.b, copy);
    expect(error).toMatchObject({ code: 'jira_invalid', detail: expect.stringContaining('description') });
    await editable(true);
    await pair.a.rest('PUT', `/issue/${key}`, { fields: { summary: 'after that' } });
    await waitFor('the description', async () => (await pair.b.issue(copy)).description === 'new text');
    await noErrors(pair.b, copy);
    expectClean(await verdictOf(pair));
  }, 60_000);
});
