/**
 * Polling the own Jira for changed issues (C7). The watermark is the newest `updated` seen in results, never a clock; each
 * poll asks again for the time before it, because JQL knows only minutes, the index lags, and pages shift while they are
 * read. What has been read since it changed is passed over, so an idle poll costs one search and one look at the account,
 * whose zone its owner may change at any time.
 */
import { jqlMinute, jqlZone } from '#/engine/jql.ts';
import type { SearchHit } from '#/engine/ports.ts';
import { pollFingerprint } from '#/engine/trigger/poll-window.ts';
import type { ServiceContext } from '../context.ts';
import { runTriggers } from '../trigger/run-triggers.ts';
import { exclusively } from './loop-lease.ts';
import { hintIssues } from './hints.ts';
import { tuningOf } from './tuning.ts';

const minuteMs = 60_000;
const overlapMs = 2 * minuteMs;
/** Where the zone's offset changes, a local minute can mean two instants that are an hour apart. */
const overlapAtZoneChangeMs = 65 * minuteMs;
const pageSize = 500;
/** General Settings shows when Jira was last looked at; that is worth a write now and then. */
const notedEveryMs = minuteMs;

interface Walk {
  /** The newest change, or where the walk began. */
  watermark: number;
  /** Time of the last change by issue. */
  updated: ReadonlyMap<string, number>;
  hinted: number;
  /** When Jira answered, by its own clock. */
  readAtMs: number | null;
}

export interface CaptureResult {
  seen: number;
  hinted: number;
}

/** One poll; null when another process is polling. */
export async function capture(ctx: ServiceContext): Promise<CaptureResult | null> {
  return exclusively(ctx, { name: 'capture', leaseSeconds: tuningOf(ctx).leaseMs / 1000 }, () => poll(ctx));
}

async function poll(ctx: ServiceContext): Promise<CaptureResult> {
  const node = await ctx.db.node.findUniqueOrThrow({
    where: { id: 1 },
    select: { captureWatermark: true, captureAt: true },
  });
  const watermark = node.captureWatermark?.getTime() ?? (await firstWatermark(ctx));
  const zone = jqlZone((await ctx.jira().myself()).timeZone);
  const newest = await walkWithClock(ctx, watermark, zone);
  await runTriggers(ctx, {
    sinceMs: watermark - overlap(watermark, zone),
    newestMs: newest.watermark,
    fingerprint: pollFingerprint(newest.updated, {
      newestMs: newest.watermark,
      spanMs: overlapMs,
      readAtMs: newest.readAtMs,
    }),
    zone,
  });
  const now = ctx.clock.now();
  if (newest.watermark !== watermark || now - (node.captureAt?.getTime() ?? 0) > notedEveryMs) {
    const data = { captureWatermark: new Date(newest.watermark), captureZone: zone, captureAt: new Date(now) };
    await ctx.db.node.update({ where: { id: 1 }, data });
  }
  return { seen: newest.updated.size, hinted: newest.hinted };
}

/** Jira's own clock, or its newest issue's: changes before sync began do not matter. */
async function firstWatermark(ctx: ServiceContext): Promise<number> {
  const server = await ctx.jira().server();
  return server.serverTimeMs ?? ctx.clock.now() - overlapAtZoneChangeMs;
}

/**
 * A clock of Jira that was set back gives changes times before the watermark: from then on that clock is believed, and what
 * may have happened since is asked for once more.
 */
async function walkWithClock(ctx: ServiceContext, watermark: number, zone: string): Promise<Walk> {
  const found = await walk(ctx, watermark, zone);
  if (found.readAtMs === null || found.readAtMs + overlapMs >= watermark) return found;
  ctx.logger.warn({ watermark: new Date(watermark), jira: new Date(found.readAtMs) }, 'the clock of Jira was set back');
  return walk(ctx, found.readAtMs - overlapAtZoneChangeMs, zone);
}

/**
 * Walks all changes since the watermark in order. The next page begins at the minute of the last hit instead of an offset,
 * so that issues which change meanwhile push nothing over the edge of a page; within one crowded minute offsets are used.
 */
async function walk(ctx: ServiceContext, watermark: number, zone: string): Promise<Walk> {
  const seen = new Map<string, number>();
  let readAtMs: number | null = null;
  let hinted = 0;
  let newest = watermark;
  let since = watermark - overlap(watermark, zone);
  let startAt = 0;
  for (;;) {
    const jql = `updated >= "${jqlMinute(since, zone)}" ORDER BY updated ASC, key ASC`;
    const page = await ctx.jira().search({ jql, startAt, maxResults: pageSize });
    const fresh = page.hits.filter((hit) => !seen.has(hit.id));
    for (const hit of page.hits) seen.set(hit.id, hit.updatedMs);
    readAtMs ??= page.readAtMs;
    hinted += await hintChanged(ctx, fresh, page.readAtMs);
    const last = page.hits.at(-1);
    if (last === undefined) break;
    newest = Math.max(newest, last.updatedMs);
    if (page.startAt + page.hits.length >= page.total) break;
    const lastMinute = Math.floor(last.updatedMs / minuteMs) * minuteMs;
    if (lastMinute > since && lastMinute > Math.floor(since / minuteMs) * minuteMs) {
      since = lastMinute;
      startAt = 0;
    } else {
      startAt = page.startAt + page.hits.length;
    }
  }
  return { watermark: newest, updated: seen, hinted, readAtMs };
}

function second(ms: number): number {
  return Math.floor(ms / 1_000);
}

/** Whether some local minute around the watermark is ambiguous: then two hours there are not two hours on the clock. */
function overlap(watermark: number, zone: string): number {
  const wall = (ms: number): number => Date.parse(`${jqlMinute(ms, zone).replace(' ', 'T')}:00Z`);
  const steady = wall(watermark) - wall(watermark - 3 * 60 * minuteMs) === 3 * 60 * minuteMs;
  return steady ? overlapMs : overlapAtZoneChangeMs + overlapMs;
}

/**
 * A hit's `updated` is cut to the second, so its change is certainly covered only by a read that began in a later second of
 * Jira's clock. That clock may have been set back since; then the change has another time than the one that was read.
 */
async function hintChanged(ctx: ServiceContext, hits: readonly SearchHit[], readAtMs: number | null): Promise<number> {
  if (hits.length === 0) return 0;
  const twins = await ctx.db.twin.findMany({
    where: { localIssueId: { in: hits.map((hit) => hit.id) }, endedAt: null },
    select: { localIssueId: true, localReadAt: true, localUpdatedAt: true, hintedAt: true },
  });
  const updated = new Map(hits.map((hit) => [hit.id, hit.updatedMs]));
  const stale = twins.filter((twin) => {
    if (twin.hintedAt !== null) return false;
    const changedMs = updated.get(twin.localIssueId ?? '') ?? 0;
    if (readAtMs === null) return changedMs > (twin.localUpdatedAt?.getTime() ?? 0);
    const { localReadAt, localUpdatedAt } = twin;
    if (localReadAt === null || localUpdatedAt === null) return true;
    return changedMs + 1_000 > localReadAt.getTime() || second(changedMs) !== second(localUpdatedAt.getTime());
  });
  return hintIssues(
    ctx,
    stale.map((twin) => twin.localIssueId ?? ''),
  );
}
