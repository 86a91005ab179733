import { z } from 'zod';
import { twinStatusLabels } from '#/engine/twin/status.ts';
import type { Prisma } from '#/db/models.ts';
import { findConnection } from '../connection/find-connection.ts';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { localRef, remoteRef } from '../twin/find-twin.ts';
import type { IssueRef } from '../twin/find-twin.ts';

const shown = 50;
const inputSchema = z.union([
  z.object({ issueKey: z.string().trim().min(1, 'Please enter an issue key.').max(300) }),
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
  const where = await whereOf(ctx, parseInput(inputSchema, input));
  const living: Prisma.TwinWhereInput = { ...where, endedAt: null };
  const [underSync, ended, outgoing, incoming, activeTriggers, twins] = await Promise.all([
    ctx.db.twin.count({ where: living }),
    ctx.db.twin.count({ where: { ...where, endedAt: { not: null }, cleanedAt: null } }),
    ctx.db.syncEvent.count({ where: { twin: living } }),
    ctx.db.syncRequest.count({ where: { twin: living } }),
    ctx.db.trigger.count({ where: { active: true, connection: { twins: { some: living } } } }),
    ctx.db.twin.findMany({
      where: living,
      orderBy: { createdAt: 'desc' },
      take: shown,
      include: {
        connection: { select: { id: true, name: true, partnerJiraUrl: true } },
        _count: { select: { events: true, requests: true } },
      },
    }),
  ]);
  return {
    underSync,
    ended,
    outgoing,
    incoming,
    activeTriggers,
    pairs: twins.map((twin) => ({
      twinId: twin.id,
      connection: { id: twin.connection.id, name: twin.connection.name },
      local: localRef(ctx, twin),
      remote: remoteRef(twin, twin.connection.partnerJiraUrl),
      status: twinStatusLabels[twin.status],
      outgoing: twin._count.events,
      incoming: twin._count.requests,
    })),
  };
}

async function whereOf(
  ctx: ServiceContext,
  by: { issueKey: string } | { connectionId: string },
): Promise<Prisma.TwinWhereInput> {
  if ('connectionId' in by) {
    const { id } = await findConnection(ctx.db, by.connectionId);
    return { connectionId: id };
  }
  const key = by.issueKey.toUpperCase();
  return { OR: [{ localIssueKey: key }, { remoteIssueKey: key }] };
}
