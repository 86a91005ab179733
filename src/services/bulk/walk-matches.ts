import { z } from 'zod';
import { nextCursor, walkStart } from '#/engine/bulk/walk.ts';
import type { WalkCursor } from '#/engine/bulk/walk.ts';
import { jqlCondition, jqlMinute, jqlZone } from '#/engine/jql.ts';
import type { SearchHit } from '#/engine/ports.ts';
import type { ServiceContext } from '../context.ts';

const pageSize = 500;
const minuteMs = 60_000;

const cursorSchema = z.object({ sinceMs: z.number().nullable(), startAt: z.number(), tail: z.array(z.string()) });

export interface MatchesPage {
  hits: readonly SearchHit[];
  /** How many the rest of the walk still has, this page included. */
  remaining: number;
  next: WalkCursor | null;
}

/** One page of everything that a query finds; `stored` is the `next` of the page before, null at the beginning. */
export async function walkMatches(
  ctx: ServiceContext,
  query: { jql: string; stored: unknown; extra?: string },
): Promise<MatchesPage> {
  const parsed = cursorSchema.safeParse(query.stored);
  const cursor = parsed.success ? parsed.data : walkStart;
  const conditions = [jqlCondition(query.jql), query.extra ?? ''];
  if (cursor.sinceMs !== null) conditions.push(`created >= "${await minuteInJira(ctx, cursor.sinceMs)}"`);
  const condition = conditions.filter((part) => part !== '').join(' AND ');
  const page = await ctx.jira().search({
    jql: `${condition} ORDER BY created ASC, key ASC`,
    startAt: cursor.startAt,
    maxResults: pageSize,
  });
  return { hits: page.hits, remaining: page.total - page.startAt, next: nextCursor(cursor, page) };
}

/** A minute as Jira reads it; where the zone's offset changes it means two instants, and the walk begins before both. */
async function minuteInJira(ctx: ServiceContext, ms: number): Promise<string> {
  const zone = jqlZone((await ctx.jira().myself()).timeZone);
  const wall = (at: number): number => Date.parse(`${jqlMinute(at, zone).replace(' ', 'T')}:00Z`);
  const steady = wall(ms + 180 * minuteMs) - wall(ms - 180 * minuteMs) === 360 * minuteMs;
  return jqlMinute(steady ? ms : ms - 65 * minuteMs, zone);
}
