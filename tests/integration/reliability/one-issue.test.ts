import { afterEach, describe, expect, it } from 'vitest';
import type { FaultEffect } from '../../../simulator/index.ts';
import { usePair } from '../../support/pair.ts';
import type { Company } from '../../support/pair.ts';
import { expectClean, heal, quickNode, verdictOf } from '../../support/reliability.ts';
import { waitFor } from '../../support/wait-for.ts';

const pair = usePair({ nodeA: quickNode, nodeB: quickNode });

afterEach(() => heal(pair));

const failing: FaultEffect = {
  kind: 'respond',
  status: 500,
  contentType: 'application/json',
  body: '{"errorMessages":["Incorrect string value"]}',
  headers: { 'X-AUSERNAME': 'admin' },
};

async function newIssue(): Promise<string> {
  const { json } = await pair.a.rest('POST', '/issue', {
    fields: { project: { key: 'TEST' }, issuetype: { name: 'Task' }, summary: 'before' },
  });
  return (json as { key: string }).key;
}

const rename = (key: string, summary: string) => pair.a.rest('PUT', `/issue/${key}`, { fields: { summary } });

const openErrors = (company: Company) =>
  company.ctx.db.syncError.findMany({
    where: { resolvedAt: null },
    select: { code: true, impact: true, twinId: true, detail: true },
  });

const jiraState = async (company: Company): Promise<string> =>
  (await company.ctx.db.node.findFirstOrThrow({ select: { jiraState: true } })).jiraState;

const shows = (company: Company, key: string, summary: string) =>
  waitFor(`${key} to show "${summary}"`, async () => (await company.issue(key)).summary === summary, {
    timeoutMs: 30_000,
  });

describe('a Jira that fails at one issue', () => {
  it.each<[string, 'a' | 'b', string, FaultEffect, string]>([
    ['with 500 when it is written', 'b', 'PUT', failing, 'Incorrect string value'],
    ['with 500 when the copy is read', 'b', 'GET', failing, 'Incorrect string value'],
    ['with 500 when the original is read', 'a', 'GET', failing, 'Incorrect string value'],
    ['as a firewall refuses its text', 'b', 'PUT', { kind: 'firewall' }, 'in front of Jira refused it'],
    ['with a log-in page', 'a', 'GET', { kind: 'redirect', location: '/login.jsp' }, 'login page'],
  ])(
    '%s: an error of this issue alone says so until it succeeds, and the others go on',
    async (_name, side, method, fault, said) => {
      const [key, other] = [await newIssue(), await newIssue()];
      const [copy, otherCopy] = [await pair.sync(key), await pair.sync(other)];
      const company = pair[side];
      const twin = await company.ctx.db.twin.findFirstOrThrow({
        where: { localIssueKey: side === 'a' ? key : copy },
      });
      await company.jira.control.addFault({
        ...fault,
        match: { user: 'admin', method, path: `/issue/${twin.localIssueId}$` },
      });
      await rename(key, 'while it fails');
      const errors = await waitFor('the error', async () => {
        const found = await openErrors(company);
        return found.length > 0 && found;
      });
      expect(errors).toEqual([
        { code: 'jira_issue_failed', impact: 'issue', twinId: twin.id, detail: expect.stringContaining(said) },
      ]);
      expect((await company.ctx.db.twin.findUniqueOrThrow({ where: { id: twin.id } })).status).toBe('error');

      await rename(other, 'not held back');
      await shows(pair.b, otherCopy, 'not held back');
      const again = (await company.ctx.db.twin.findUniqueOrThrow({ where: { id: twin.id } })).attempts + 2;
      await waitFor(
        'two more attempts',
        async () => (await company.ctx.db.twin.findUniqueOrThrow({ where: { id: twin.id } })).attempts >= again,
        { timeoutMs: 30_000 },
      );
      expect((await openErrors(company)).map(({ code }) => code)).toEqual(['jira_issue_failed']);
      expect(await jiraState(company)).toBe('ok');

      await heal(pair);
      await shows(pair.b, copy, 'while it fails');
      await waitFor('the error to be resolved', async () => (await openErrors(company)).length === 0);
      expectClean(await verdictOf(pair));
    },
    90_000,
  );
});
