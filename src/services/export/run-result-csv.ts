import { z } from 'zod';
import { csvLine } from '#/engine/csv/write.ts';
import type { CsvDownload } from '../bulk/failed-rows-csv.ts';
import { findRun } from '../bulk/run-view.ts';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';

const pageSize = 1000;

const outcomes: Record<string, string> = {
  pending: 'not begun',
  working: 'under way',
  done: 'connected',
  skipped: 'nothing to do',
  failed: 'failed',
};

/** Every row of a run and what became of it. */
export async function runResultCsv(ctx: ServiceContext, input: { runId: string }): Promise<CsvDownload> {
  requireAdmin(ctx);
  const { runId } = parseInput(z.object({ runId: z.uuid() }), input);
  const run = await findRun(ctx, runId);
  return { filename: `result-${run.kind.replace('_', '-')}-${run.id.slice(0, 8)}.csv`, chunks: rows(ctx, runId) };
}

async function* rows(ctx: ServiceContext, runId: string): AsyncGenerator<string> {
  yield csvLine(['local key', 'remote key', 'result', 'error']);
  for (let after = 0n; ;) {
    const items = await ctx.db.bulkItem.findMany({
      where: { runId, id: { gt: after } },
      orderBy: { id: 'asc' },
      take: pageSize,
    });
    const last = items.at(-1);
    if (last === undefined) return;
    yield items
      .map(({ localKey, remoteKey, outcome, error }) =>
        csvLine([localKey ?? '', remoteKey ?? '', outcomes[outcome] ?? outcome, error ?? '']),
      )
      .join('');
    after = last.id;
  }
}
