import { z } from 'zod';
import { twinStatusLabels } from '#/engine/twin/status.ts';
import type { Prisma } from '#/db/models.ts';
import { findConnection } from '../connection/find-connection.ts';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { localRef, remoteRef } from '../twin/find-twin.ts';
import type { IssueRef } from '../twin/find-twin.ts';
import { plainText } from '../plain-text.ts';

const shown = 50;
const inputSchema = z.union([
  z.object({ issueKey: plainText(300).trim().min(1, 'Please enter an issue key.') }),
  z.object({ connectionId: z.uuid() }),
]);

export interface CleanUpPreview {
  /** Pairs that would be taken out of sync. */
  underSync: number;
  /** Pairs that ended before and of which only history is kept. */
  ended: number;
  /** What is queued and would be dropped. */
  outgoing: number;
  incoming: number;
  /** Active triggers of the connections concerned: they put issues under sync again when these change. */
  activeTriggers: number;
  /** The first of the pairs under sync. */
  pairs: readonly {
    twinId: string;
    connection: { id: string; name: string };
    local: IssueRef | null;
    remote: IssueRef | null;
    status: string;
    outgoing: number;
    incoming: number;
  }[];
}

/** What a clean-up by issue (local or remote key, all connections) or by connection would end, told before it is done (B5). */
export async function cleanUpPreview(ctx: ServiceContext, input: z.input<typeof inputSchema>): Promise<CleanUpPreview> {
  requireAdmin(ctx);
  const by = parseInput(inputSchema, input);
  const figures = 'connectionId' in by ? await ofConnection(ctx, by.connectionId) : await ofIssue(ctx, by.issueKey);
  const { where, ...counts } = figures;
  const twins = await ctx.db.twin.findMany({
    where: { ...where, endedAt: null },
    orderBy: { createdAt: 'desc' },
    take: shown,
    select: {
      id: true,
      localIssueKey: true,
      remoteIssueKey: true,
      status: true,
      connection: { select: { id: true, name: true, partnerJiraUrl: true } },
    },
  });
  const queued = await queuedOf(
    ctx,
    twins.map(({ id }) => id),
  );
  return {
    ...counts,
    pairs: twins.map((twin) => ({
      twinId: twin.id,
      connection: { id: twin.connection.id, name: twin.connection.name },
      local: localRef(ctx, twin),
      remote: remoteRef(twin, twin.connection.partnerJiraUrl),
      status: twinStatusLabels[twin.status],
      outgoing: queued.outgoing.get(twin.id) ?? 0,
      incoming: queued.incoming.get(twin.id) ?? 0,
    })),
  };
}

type Figures = Omit<CleanUpPreview, 'pairs'> & { where: Prisma.TwinWhereInput };

/** Counted from indexes: the connection may have very many twins. */
async function ofConnection(ctx: ServiceContext, id: string): Promise<Figures> {
  const connection = await findConnection(ctx.db, id);
  const rows = await ctx.db.$queryRaw<Array<Omit<Figures, 'where'>>>`
    SELECT t."underSync", (t.ended - (SELECT count(*) FROM twin WHERE "cleanedAt" IS NOT NULL AND "connectionId" = c.id AND "endedAt" IS NOT NULL))::int AS ended,
      (SELECT count(*)::int FROM sync_event WHERE "connectionId" = c.id) AS outgoing,
      (SELECT count(*)::int FROM sync_request WHERE "connectionId" = c.id) AS incoming,
      CASE WHEN t."underSync" > 0 THEN (SELECT count(*)::int FROM sync_trigger WHERE "connectionId" = c.id AND active) ELSE 0 END AS "activeTriggers"
    FROM connection c CROSS JOIN LATERAL (
      SELECT count(*) FILTER (WHERE "endedAt" IS NULL)::int AS "underSync", count(*) FILTER (WHERE "endedAt" IS NOT NULL) AS ended
      FROM twin WHERE "connectionId" = c.id
    ) t
    WHERE c.id = ${connection.id}::uuid`;
  const [counts] = rows;
  if (counts === undefined) throw new Error('The connection went away meanwhile.');
  return { where: { connectionId: connection.id }, ...counts };
}

async function ofIssue(ctx: ServiceContext, issueKey: string): Promise<Figures> {
  const key = issueKey.toUpperCase();
  const where: Prisma.TwinWhereInput = { OR: [{ localIssueKey: key }, { remoteIssueKey: key }] };
  const twins = await ctx.db.twin.findMany({
    where,
    select: { id: true, connectionId: true, endedAt: true, cleanedAt: true },
  });
  const living = twins.filter(({ endedAt }) => endedAt === null);
  const ofLiving = { twinId: { in: living.map(({ id }) => id) } };
  const [outgoing, incoming, activeTriggers] = await Promise.all([
    ctx.db.syncEvent.count({ where: ofLiving }),
    ctx.db.syncRequest.count({ where: ofLiving }),
    ctx.db.trigger.count({
      where: { active: true, connectionId: { in: living.map(({ connectionId }) => connectionId) } },
    }),
  ]);
  const ended = twins.filter(({ endedAt, cleanedAt }) => endedAt !== null && cleanedAt === null).length;
  return { where, underSync: living.length, ended, outgoing, incoming, activeTriggers };
}

/** How much is queued, by twin. */
async function queuedOf(
  ctx: ServiceContext,
  ids: string[],
): Promise<{ outgoing: ReadonlyMap<string, number>; incoming: ReadonlyMap<string, number> }> {
  const where = { twinId: { in: ids } };
  const [events, requests] = await Promise.all([
    ctx.db.syncEvent.groupBy({ by: 'twinId', where, _count: true }),
    ctx.db.syncRequest.groupBy({ by: 'twinId', where, _count: true }),
  ]);
  const byTwin = (rows: typeof events): ReadonlyMap<string, number> =>
    new Map(rows.map(({ twinId, _count }) => [twinId, _count]));
  return { outgoing: byTwin(events), incoming: byTwin(requests) };
}
