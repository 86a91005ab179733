import { z } from 'zod';
import { csvLine } from '#/engine/csv/write.ts';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { findRun } from './run-view.ts';

export interface CsvDownload {
  filename: string;
  /** Parts of the text, made while they are read. */
  chunks: AsyncIterable<string>;
}

const pageSize = 1000;

/** The rows that failed and why, in a form that Bulk Connect reads again once they are mended. */
export async function failedRowsCsv(ctx: ServiceContext, input: { runId: string }): Promise<CsvDownload> {
  requireAdmin(ctx);
  const { runId } = parseInput(z.object({ runId: z.uuid() }), input);
  const run = await findRun(ctx, runId);
  return {
    filename: `failed-${run.kind.replace('_', '-')}-${run.id.slice(0, 8)}.csv`,
    chunks: rows(ctx, runId, 'failed'),
  };
}

/** The pairs that a clean-up ended, in the form that Bulk Connect reads; kept because nothing else knows them any more. */
export async function runPairsCsv(ctx: ServiceContext, input: { runId: string }): Promise<CsvDownload> {
  requireAdmin(ctx);
  const { runId } = parseInput(z.object({ runId: z.uuid() }), input);
  const run = await findRun(ctx, runId);
  return {
    filename: pairsFilename(run.connection.name, run.startedAt ?? run.createdAt),
    chunks: rows(ctx, runId, 'pairs'),
  };
}

/** As the original names it, with the characters that file systems dislike taken out. */
export function pairsFilename(connectionName: string, at: Date): string {
  const stamp = at.toISOString().replace(/[-:]/g, '').replace('T', '_').slice(0, 15);
  const name = connectionName.replace(/[^\p{L}\p{N}._-]+/gu, '_').slice(0, 100);
  return `connect-connection-${name}-${stamp}.csv`;
}

async function* rows(ctx: ServiceContext, runId: string, what: 'failed' | 'pairs'): AsyncGenerator<string> {
  yield csvLine(['local key', 'remote key', ...(what === 'failed' ? ['error'] : [])]);
  for (let after = 0n; ;) {
    const items = await ctx.db.bulkItem.findMany({
      where: {
        runId,
        id: { gt: after },
        ...(what === 'failed' ? { outcome: 'failed' } : { localKey: { not: null }, remoteKey: { not: null } }),
      },
      orderBy: { id: 'asc' },
      take: pageSize,
    });
    const last = items.at(-1);
    if (last === undefined) return;
    yield items
      .map((item) =>
        csvLine([item.localKey ?? '', item.remoteKey ?? '', ...(what === 'failed' ? [item.error ?? ''] : [])]),
      )
      .join('');
    after = last.id;
  }
}
