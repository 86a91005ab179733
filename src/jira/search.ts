import type { z } from 'zod';
import type { SearchContent, SearchPage, SearchQuery } from '#/engine/ports.ts';
import type { JiraClient } from './client.ts';
import { searchSchema } from './issue-schema.ts';
import { parseAnswer } from './parse.ts';
import { identityMaxAgeMs } from './server.ts';

/**
 * One page of `POST /search` (POST for the length of the query). Jira may give fewer hits than asked for (cap 1000): go on at
 * `startAt + hits.length`. Dates are the index's, cut to seconds. A page is only believed when it was made for our account:
 * a bad Bearer token gets 200 with `total: 0`.
 */
export async function searchIssues(client: JiraClient, query: SearchQuery): Promise<SearchPage> {
  const { jql, startAt, maxResults, withSummary = false, withContent = false } = query;
  const answer = await client.call({
    method: 'POST',
    route: '/search',
    path: '/rest/api/2/search',
    json: {
      jql,
      startAt,
      maxResults,
      fields: ['updated', 'created', ...(withContent ? contentFields : withSummary ? ['summary'] : [])],
      validateQuery: !namesIssues(jql),
    },
    reads: true,
  });
  const page = parseAnswer(searchSchema, answer, { what: 'POST /search', reads: true });
  const total = page.total ?? page.issues.length;
  await client.confirmOurs(answer, total === 0 ? 0 : identityMaxAgeMs);
  return {
    startAt: page.startAt ?? startAt,
    total,
    hits: page.issues.map(({ id, key, fields }) => ({
      id,
      key,
      updatedMs: fields.updated,
      createdMs: fields.created ?? fields.updated,
      summary: fields.summary ?? null,
      content: withContent ? contentOf(fields) : null,
    })),
    readAtMs: answer.readAtMs,
  };
}

const contentFields = ['summary', 'description', 'issuetype', 'comment', 'attachment'];

function contentOf(fields: z.infer<typeof searchSchema>['issues'][number]['fields']): SearchContent | null {
  const { summary, description, issuetype, comment, attachment } = fields;
  if (summary === undefined || summary === null || issuetype === undefined || issuetype === null) return null;
  const comments = comment?.comments ?? null;
  const complete = comments !== null && (comment?.total ?? comments.length) <= comments.length;
  return {
    summary,
    description: description ?? null,
    issueType: issuetype.name,
    comments: complete ? comments : null,
    attachments: attachment ?? null,
  };
}

/**
 * Whether a query names issues one by one: then one deleted issue would make Jira refuse the whole query (400, measured by
 * kmoneil/jr), unless validation is off. All other queries are validated, so that an invisible project is an error and
 * not an empty result.
 */
export function namesIssues(jql: string): boolean {
  const withoutStrings = jql.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '""');
  return /(?<![\w."])(?:id|key|issue|issuekey)\s*(?:=|!=|[<>]=?|\bin\b|\bnot\s+in\b)/i.test(withoutStrings);
}
