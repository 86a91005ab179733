import { expect, it } from 'vitest';
import { retryError } from '#/services/error/retry-error.ts';
import { usePair } from '../../support/pair.ts';
import type { Company } from '../../support/pair.ts';
import { waitFor } from '../../support/wait-for.ts';

const pair = usePair();
/** Longest text that Jira takes unless told otherwise. */
const limit = 32_767;

async function issueIn(company: Company, fields: Record<string, unknown> = {}): Promise<string> {
  const { json } = await company.rest('POST', '/issue', {
    fields: { project: { key: 'TEST' }, issuetype: { name: 'Task' }, summary: 'An issue', ...fields },
  });
  return (json as { key: string }).key;
}

const twinOf = (company: Company, key: string) =>
  company.ctx.db.twin.findFirstOrThrow({ where: { localIssueKey: key } });
const openError = (company: Company, twinId: string) =>
  company.ctx.db.syncError.findFirst({ where: { twinId, code: 'comment_refused', resolvedAt: null } });
const bodies = async (company: Company, key: string) => (await company.issue(key)).comments.map(({ body }) => body);

it('a comment that is too long with its author line stops nothing but itself, and is named', async () => {
  const a = await issueIn(pair.a);
  const b = await pair.sync(a);
  const { json } = await pair.a.rest('POST', `/issue/${a}/comment`, { body: `long ${'x'.repeat(limit - 5)}` });
  await pair.a.rest('POST', `/issue/${a}/comment`, { body: 'a later comment' });
  await pair.a.jira.control.createAttachment({ key: a, user: 'jane', filename: 'later.bin', bytes: 10 });
  await pair.a.rest('PUT', `/issue/${a}`, { fields: { summary: 'edited later' } });
  await pair.b.rest('POST', `/issue/${b}/comment`, { body: 'an answer' });
  await waitFor('everything else', async () => {
    const [there, here] = [await pair.b.issue(b), await bodies(pair.a, a)];
    return (
      there.summary === 'edited later' &&
      there.attachments.length === 1 &&
      there.comments.some(({ body }) => body === '*Jane Doe:*\na later comment') &&
      here.includes('*Jane Doe:*\nan answer')
    );
  });
  const { id } = await twinOf(pair.b, b);
  const error = await waitFor('the error', () => openError(pair.b, id));
  expect(error.detail).toMatch(
    /^While writing the comment of Jane Doe of .* UTC \("long x+…"\): comment: The entered text is too long/,
  );
  await waitFor('both sides to say so', async () => {
    const states = [await twinOf(pair.a, a), await twinOf(pair.b, b)];
    return states.every(({ status }) => status === 'error');
  });

  await pair.a.rest('PUT', `/issue/${a}/comment/${(json as { id: string }).id}`, { body: 'shorter' });
  await waitFor('the shorter text', async () => (await bodies(pair.b, b)).includes('*Jane Doe:*\nshorter'));
  await pair.quiet();
  expect(await openError(pair.b, id)).toBeNull();
  expect((await bodies(pair.b, b)).length).toBe(3);
  for (const [company, key] of [
    [pair.a, a],
    [pair.b, b],
  ] as const)
    expect((await twinOf(company, key)).status).toBe('synchronized');
});

it('is tried again by a retry', async () => {
  const a = await issueIn(pair.a);
  const b = await pair.sync(a);
  const long = 'y'.repeat(limit);
  await pair.a.rest('POST', `/issue/${a}/comment`, { body: long });
  const error = await waitFor('the error', async () => openError(pair.b, (await twinOf(pair.b, b)).id));
  await pair.b.jira.control.configure({ textLimit: limit + 1_000 });
  await retryError(pair.b.ctx, { id: error.id });
  await waitFor('the comment', async () => (await bodies(pair.b, b)).includes(`*Jane Doe:*\n${long}`));
  await pair.b.jira.control.configure({ textLimit: limit });
});

it('a copy of which only the author line is left is an error of that comment alone', async () => {
  await pair.b.jira.control.grant({ project: 'TEST', permission: 'EDIT_ALL_COMMENTS', holder: 'user:jane' });
  const a = await issueIn(pair.a);
  await pair.a.rest('POST', `/issue/${a}/comment`, { body: 'some text' });
  const b = await pair.sync(a);
  const copy = `/issue/${b}/comment/${(await pair.b.issue(b)).comments[0]?.id}`;
  await pair.b.rest('PUT', copy, { body: '*Jane Doe:*' });
  await pair.b.rest('POST', `/issue/${b}/comment`, { body: 'and an answer' });
  await waitFor('the answer', async () => (await bodies(pair.a, a)).includes('*Jane Doe:*\nand an answer'));
  const { id } = await twinOf(pair.a, a);
  const error = await waitFor('the error', () => openError(pair.a, id));
  expect(error.detail).toContain('(no text)');
  expect((await bodies(pair.a, a))[0]).toBe('some text');

  await pair.b.rest('PUT', copy, { body: '*Jane Doe:*\nother text' });
  await waitFor('the other text', async () => (await bodies(pair.a, a))[0] === 'other text');
  await pair.quiet();
  expect(await openError(pair.a, id)).toBeNull();
});
