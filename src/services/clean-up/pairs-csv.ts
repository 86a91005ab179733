import { z } from 'zod';
import { csvLine } from '#/engine/csv/write.ts';
import { pairsFilename } from '../bulk/failed-rows-csv.ts';
import type { CsvDownload } from '../bulk/failed-rows-csv.ts';
import { findConnection } from '../connection/find-connection.ts';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';

const pageSize = 1000;

/** The pairs that are under sync now, in the form that Bulk Connect reads. */
export async function pairsCsv(ctx: ServiceContext, input: { connectionId: string }): Promise<CsvDownload> {
  requireAdmin(ctx);
  const { connectionId } = parseInput(z.object({ connectionId: z.uuid() }), input);
  const connection = await findConnection(ctx.db, connectionId);
  return { filename: pairsFilename(connection.name, new Date(ctx.clock.now())), chunks: pairs(ctx, connectionId) };
}

async function* pairs(ctx: ServiceContext, connectionId: string): AsyncGenerator<string> {
  yield csvLine(['local key', 'remote key']);
  for (let after: string | null = null; ;) {
    const twins: { id: string; localIssueKey: string | null; remoteIssueKey: string | null }[] =
      await ctx.db.twin.findMany({
        where: { connectionId, endedAt: null, ...(after === null ? {} : { id: { gt: after } }) },
        orderBy: { id: 'asc' },
        take: pageSize,
        select: { id: true, localIssueKey: true, remoteIssueKey: true },
      });
    const last = twins.at(-1);
    if (last === undefined) return;
    const complete = twins.filter((twin) => twin.localIssueKey !== null && twin.remoteIssueKey !== null);
    if (complete.length > 0)
      yield complete.map((twin) => csvLine([twin.localIssueKey ?? '', twin.remoteIssueKey ?? ''])).join('');
    after = last.id;
  }
}
