import { z } from 'zod';
import { jqlCondition } from '#/engine/jql.ts';
import { TrackerError } from '#/engine/ports.ts';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { ServiceError } from '../errors.ts';
import { jiraServiceError } from '../node/jira-service-error.ts';
import { plainText } from '../plain-text.ts';

export const jqlSchema = plainText(20_000, 'This query is too long.');

/** How many issues match now. Throws `invalid_input` at the field `jql` with Jira's own words. */
export async function checkJql(ctx: ServiceContext, input: { jql: string }): Promise<{ matches: number }> {
  requireAdmin(ctx);
  const { jql } = parseInput(z.object({ jql: jqlSchema }), input);
  return { matches: (await askJira(ctx, jql)).matches };
}

/** Also tells Jira's clock, for a trigger that begins now. The query is tried as it stands, so that parentheses must fit. */
export async function askJira(ctx: ServiceContext, jql: string): Promise<{ matches: number; nowMs: number }> {
  const condition = jqlCondition(jql).slice(1, -1);
  if (condition === '') throw withoutCondition();
  try {
    const page = await ctx.jira().search({ jql: condition, startAt: 0, maxResults: 0 });
    return { matches: page.total, nowMs: page.readAtMs ?? ctx.clock.now() };
  } catch (error) {
    if (!(error instanceof TrackerError)) throw error;
    if (error.code !== 'invalid') throw jiraServiceError(error);
    const said = [...error.messages, ...Object.values(error.fieldErrors)].join(' ');
    throw new ServiceError('invalid_input', {
      summary: said === '' ? 'Jira does not accept this query.' : said,
      why: 'Jira refused the query, which is read with the permissions of the proxy user.',
      remedy: 'Correct it; a query that works in Jira’s advanced search as the proxy user works here.',
      field: 'jql',
      cause: error,
    });
  }
}

function withoutCondition(): ServiceError {
  return new ServiceError('invalid_input', {
    summary: 'Please enter a query.',
    why: 'Without a condition every issue of this Jira would be put under sync.',
    remedy: 'Say which issues are meant, such as: project = TEST AND labels = partner',
    field: 'jql',
  });
}
