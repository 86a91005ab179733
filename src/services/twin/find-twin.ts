import type { Connection, ServiceContext } from '../context.ts';
import type { Twin } from '#/db/models.ts';
import { ServiceError } from '../errors.ts';

export async function findTwin(ctx: ServiceContext, twinId: string): Promise<Twin & { connection: Connection }> {
  const twin = await ctx.db.twin.findUnique({ where: { id: twinId }, include: { connection: true } });
  if (twin !== null) return twin;
  throw new ServiceError('not_found', {
    summary: 'This pair of issues does not exist.',
    why: 'It may have been cleaned up meanwhile.',
    remedy: 'Search for the issue key on the Entity Sync Status page.',
  });
}

/** Address of an issue's page for people. */
export function issueUrl(jiraUrl: string, key: string): string {
  return `${jiraUrl.replace(/\/+$/, '')}/browse/${encodeURIComponent(key)}`;
}

export interface IssueRef {
  key: string;
  url: string;
}

export function localRef(ctx: ServiceContext, twin: Pick<Twin, 'localIssueKey'>): IssueRef | null {
  return twin.localIssueKey === null
    ? null
    : { key: twin.localIssueKey, url: issueUrl(ctx.jira().baseUrl, twin.localIssueKey) };
}

export function remoteRef(twin: Pick<Twin, 'remoteIssueKey'>, partnerJiraUrl: string | null): IssueRef | null {
  if (twin.remoteIssueKey === null || partnerJiraUrl === null) return null;
  return { key: twin.remoteIssueKey, url: issueUrl(partnerJiraUrl, twin.remoteIssueKey) };
}
