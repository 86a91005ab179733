/** Making issues in Jira A and putting them under sync. */
import { randomUUID } from 'node:crypto';
import { waitFor } from '../../tests/support/wait-for.ts';
import type { Company } from './company.ts';
import { fileBytes } from './scale.ts';
import type { World } from './world.ts';

export interface Issue {
  id: string;
  key: string;
}

export interface Twin {
  id: string;
  local: Issue;
}

export async function makeIssues(
  company: Company,
  what: { count: number; summary: string; commentsEach: number; filesEach?: number },
): Promise<Issue[]> {
  const { count, summary, commentsEach, filesEach = 0 } = what;
  const { control } = company;
  const { first } = await control.createIssues({ project: 'TEST', count, summary, commentsEach });
  const firstNumber = Number(first.split('-').at(-1));
  const keys = Array.from({ length: count }, (_none, index) => `TEST-${firstNumber + index}`);
  for (const key of keys) {
    for (let file = 1; file <= filesEach; file += 1) {
      await control.createAttachment({ key, filename: `file-${file}.bin`, bytes: fileBytes });
    }
  }
  return issuesByKey(company, keys);
}

/** Ids of issues with consecutive keys. */
async function issuesByKey(company: Company, keys: readonly string[]): Promise<Issue[]> {
  const wanted = new Set(keys);
  const found: Issue[] = [];
  for (let startAt = 0; found.length < wanted.size;) {
    const jql = 'project = TEST ORDER BY key DESC';
    const page = await company.ctx.jira().search({ jql, startAt, maxResults: 1000 });
    if (page.hits.length === 0) throw new Error('The issues that were made cannot be found.');
    for (const { id, key } of page.hits) if (wanted.has(key)) found.push({ id, key });
    startAt += page.hits.length;
  }
  return found.reverse();
}

/** Twins of many issues at once, as a bulk verb starts them: rows that are due, and one wake-up call. */
export async function exalate({ ctx, connectionId }: Company, issues: readonly Issue[]): Promise<Twin[]> {
  const twins = issues.map((local) => ({ id: randomUUID(), local }));
  await ctx.db.twin.createMany({
    data: twins.map(({ id, local }) => ({
      id,
      uid: randomUUID(),
      connectionId,
      localIssueId: local.id,
      localIssueKey: local.key,
      localProjectKey: 'TEST',
      exalatedBy: 'admin',
      priority: 1,
      wakeAt: new Date(),
    })),
  });
  await ctx.wake.twins(twins.map(({ id }) => id));
  return twins;
}

/** Waits until the twins are synchronized on the side that began. */
export async function synchronized({ a }: World, twins: readonly Twin[], timeoutMs: number): Promise<void> {
  const ids = twins.map(({ id }) => id);
  await waitFor(
    `${ids.length} twins to be synchronized`,
    async () => {
      const rows = await a.ctx.db.$queryRaw<{ open: number; errors: number }[]>`
        SELECT count(*) FILTER (WHERE status <> 'synchronized')::int AS open,
          count(*) FILTER (WHERE status = 'error')::int AS errors
        FROM twin WHERE id = ANY(${ids}::uuid[])`;
      return rows[0]?.open === 0;
    },
    { timeoutMs, everyMs: 100 },
  );
}

/** Key and id of the twin in Jira B, by the id of the issue in Jira A. */
export async function remoteIssues({ a }: World, twins: readonly Twin[]): Promise<Map<string, Issue>> {
  const rows = await a.ctx.db.twin.findMany({
    where: { id: { in: twins.map(({ id }) => id) } },
    select: { localIssueId: true, remoteIssueId: true, remoteIssueKey: true },
  });
  return new Map(
    rows.map((row) => [row.localIssueId ?? '', { id: row.remoteIssueId ?? '', key: row.remoteIssueKey ?? '' }]),
  );
}
