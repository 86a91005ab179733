import { expect, it } from 'vitest';
import { exalateIssue } from '#/services/twin/exalate-issue.ts';
import { usePair } from '../../support/pair.ts';
import type { Company } from '../../support/pair.ts';
import { waitFor } from '../../support/wait-for.ts';

const pair = usePair({ nodeB: { pollOnly: true } });

async function issueIn(company: Company, summary: string): Promise<string> {
  const { json } = await company.rest('POST', '/issue', {
    fields: { project: { key: 'TEST' }, issuetype: { name: 'Task' }, summary },
  });
  return (json as { key: string }).key;
}

const begin = (key: string) => exalateIssue(pair.a.ctx, { connectionId: pair.a.connectionId, issueKey: key });
const messagesOf = async (key: string) =>
  (await pair.a.ctx.db.twin.findFirstOrThrow({ where: { localIssueKey: key } })).outNumber;
const shownInB = async (summary: string) =>
  (await pair.b.jira.control.dump()).find((issue) => issue.summary === summary);

it('a message that fits into no answer stops its own issue and no other', async () => {
  await pair.sync(await issueIn(pair.a, 'with a message too large'));
  const twin = await pair.a.ctx.db.twin.findFirstOrThrow({
    where: { localIssueKey: { not: null } },
    orderBy: { createdAt: 'desc' },
  });
  const id = crypto.randomUUID();
  await pair.a.ctx.db.syncEvent.create({
    data: {
      id,
      connectionId: twin.connectionId,
      twinId: twin.id,
      number: twin.outNumber + 1,
      kind: 'update',
      replica: { id, kind: 'update', text: 'x'.repeat(17 * 1024 * 1024) },
    },
  });
  const other = await issueIn(pair.a, 'behind it');
  await begin(other);
  await waitFor('the other issue', () => shownInB('behind it'));
  await waitFor(
    'the error',
    async () =>
      (await pair.a.ctx.db.twin.findUniqueOrThrow({ where: { id: twin.id } })).errorCode === 'partner_message_refused',
  );
});

it('an issue with more text than an answer may carry goes to a private node in parts, and holds back no other', async () => {
  // As many characters as 550 comments of the usual largest size have; fewer comments, for the simulator's sake.
  for (const { jira } of [pair.a, pair.b]) {
    await jira.control.configure({ textLimit: 0 });
    await jira.control.setWebhookFaults({ lost: 1 });
  }
  const large = await issueIn(pair.a, 'large');
  for (let n = 0; n < 18; n += 1)
    await pair.a.jira.control.addComment({ key: large, user: 'jane', body: `${n} ${'x'.repeat(1_000_000)}` });
  await begin(large);
  await waitFor('the first part to wait', async () => (await pair.a.ctx.db.syncEvent.count()) > 0, {
    timeoutMs: 20_000,
  });
  await begin(await issueIn(pair.a, 'small'));
  await waitFor('the small issue', () => shownInB('small'), { timeoutMs: 20_000 });
  // That all of it arrives is shown with less text, in tests/integration/sync/parts.
  await waitFor('a second part', async () => (await messagesOf(large)) > 1, { timeoutMs: 30_000 });
  expect(await pair.a.ctx.db.syncError.count({ where: { twin: { localIssueKey: large } } })).toBe(0);
}, 90_000);
