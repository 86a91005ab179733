import { it } from 'vitest';
import { connectIssues } from '#/services/twin/connect-issues.ts';
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

it('a request to pair an issue that cannot be read is put off, and holds back no other', async () => {
  const [a, b] = [await issueIn(pair.a, 'to be connected'), await issueIn(pair.b, 'to be connected')];
  await pair.b.jira.control.addFault({
    kind: 'cutBefore',
    match: { method: 'GET', path: `/issue/${b}`, user: 'admin' },
  });
  const asked = connectIssues(pair.a.ctx, {
    connectionId: pair.a.connectionId,
    localKey: a,
    remoteKey: b,
    existing: { comments: true, attachments: true },
    winner: 'local',
  });
  await waitFor(
    'the request to be put off',
    async () => (await pair.a.ctx.db.syncEvent.count({ where: { status: 'held' } })) > 0,
  );
  await begin(await issueIn(pair.a, 'beside it'));
  await waitFor('the other issue', () => shownInB('beside it'));
  await pair.b.jira.control.clearFaults();
  const { twinId } = await asked;
  await waitFor(
    'the pair',
    async () => (await pair.a.ctx.db.twin.findUniqueOrThrow({ where: { id: twinId } })).status === 'synchronized',
    { timeoutMs: 20_000 },
  );
});
