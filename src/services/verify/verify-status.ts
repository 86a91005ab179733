import type { ServiceContext } from '../context.ts';

export type DifferenceKind = 'local' | 'partner' | 'missing';

export interface VerifyStatus {
  runId: string;
  state: 'running' | 'done';
  startedBy: string;
  startedAt: Date;
  endedAt: Date | null;
  /** Twins to compare, compared, and passed over because they were being worked on or the partner could not be asked. */
  total: number;
  checked: number;
  skipped: number;
  differences: number;
  /** Why twins were passed over, if a reason is worth telling. */
  note: string | null;
  /** The newest hundred. Each has been put in order, as far as sync can. */
  list: { twinId: string; kind: DifferenceKind; detail: string; at: Date; issueKey: string | null }[];
}

const kinds: readonly DifferenceKind[] = ['local', 'partner', 'missing'];

/** The newest run; null when there was none yet. */
export async function verifyStatus(ctx: ServiceContext): Promise<VerifyStatus | null> {
  const run = await ctx.db.verifyRun.findFirst({
    orderBy: { startedAt: 'desc' },
    include: { rows: { orderBy: { id: 'desc' }, take: 100 } },
  });
  if (run === null) return null;
  const twins = await ctx.db.twin.findMany({
    where: { id: { in: run.rows.map(({ twinId }) => twinId) } },
    select: { id: true, localIssueKey: true },
  });
  const keys = new Map(twins.map((twin) => [twin.id, twin.localIssueKey]));
  const { id, state, rows, cursor: _cursor, ...figures } = run;
  return {
    ...figures,
    runId: id,
    state: state === 'done' ? 'done' : 'running',
    list: rows.map(({ twinId, kind, detail, at }) => ({
      twinId,
      kind: kinds.find((known) => known === kind) ?? 'local',
      detail,
      at,
      issueKey: keys.get(twinId) ?? null,
    })),
  };
}
