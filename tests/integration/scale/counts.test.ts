/** Figures that are counted where they change must say what counting everything says. */
import { expect, it } from 'vitest';
import { connectionStatistics } from '#/services/dashboard/connection-statistics.ts';
import { unexalateIssue } from '#/services/twin/unexalate-issue.ts';
import { type Company, usePair } from '../../support/pair.ts';
import { waitFor } from '../../support/wait-for.ts';

const pair = usePair();

async function counted({ ctx, connectionId }: Company): Promise<{ comments: number; attachments: number }> {
  const living = { connectionId, endedAt: null };
  const [comments, attachments] = await Promise.all([
    ctx.db.commentTrace.count({ where: { twin: living, localId: { not: null }, deletedTime: null } }),
    ctx.db.attachmentTrace.count({ where: { twin: living, localId: { not: null }, deleted: false } }),
  ]);
  return { comments, attachments };
}

it('comments and attachments of a connection follow additions, deletions and the end of a pair, on both sides', async () => {
  const { json } = await pair.a.rest('POST', '/issue', {
    fields: { project: { key: 'TEST' }, issuetype: { name: 'Task' }, summary: 'Counted' },
  });
  const { key } = json as { key: string };
  for (const body of ['one', 'two', 'three']) await pair.a.rest('POST', `/issue/${key}/comment`, { body });
  await pair.a.jira.control.createAttachment({ key, user: 'jane', filename: 'a.txt', bytes: 10 });
  const twin = await pair.sync(key);
  const expected = async (figures: { issues: number; comments: number; attachments: number }): Promise<void> => {
    for (const company of [pair.a, pair.b]) {
      await waitFor(`${JSON.stringify(figures)}`, async () => {
        const { issues, comments, attachments } = await connectionStatistics(company.ctx, company);
        return JSON.stringify({ issues, comments, attachments }) === JSON.stringify(figures);
      });
      const { comments, attachments } = figures;
      expect(await counted(company)).toEqual({ comments, attachments });
    }
  };
  await expected({ issues: 1, comments: 3, attachments: 1 });

  await pair.b.rest('POST', `/issue/${twin}/comment`, { body: 'four' });
  await expected({ issues: 1, comments: 4, attachments: 1 });

  const comment = (await pair.a.issue(key)).comments[0]?.id ?? '';
  await pair.a.rest('DELETE', `/issue/${key}/comment/${comment}`);
  await expected({ issues: 1, comments: 3, attachments: 1 });

  const { id: twinId } = await pair.a.ctx.db.twin.findFirstOrThrow({ where: { localIssueKey: key } });
  await unexalateIssue(pair.a.ctx, { twinId });
  await expected({ issues: 0, comments: 0, attachments: 0 });
});
