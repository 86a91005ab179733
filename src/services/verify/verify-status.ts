import { requireAdmin } from '../connection/require-admin.ts';
import type { Db, ServiceContext } from '../context.ts';

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
  /** Of these, how many issues are in sync again by now. */
  healed: number;
  /** Why twins were passed over, if a reason is worth telling. */
  note: string | null;
  /** The newest hundred. Each has been put in order, as far as sync can. */
  list: { twinId: string; kind: DifferenceKind; detail: string; at: Date; issueKey: string | null }[];
}

const kinds: readonly DifferenceKind[] = ['local', 'partner', 'missing'];

/** The newest run; null when there was none yet. */
export async function verifyStatus(ctx: ServiceContext): Promise<VerifyStatus | null> {
  requireAdmin(ctx);
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
    healed: await healedBy(ctx.db, id),
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

/** The last run that came to its end, for the metrics; null when there was none yet. */
export async function lastVerify(
  db: Db,
): Promise<{ endedAt: Date; checked: number; skipped: number; found: number; healed: number } | null> {
  const run = await db.verifyRun.findFirst({ where: { state: 'done' }, orderBy: { startedAt: 'desc' } });
  if (run === null) return null;
  const { id, checked, skipped, differences, endedAt, startedAt } = run;
  return { endedAt: endedAt ?? startedAt, checked, skipped, found: differences, healed: await healedBy(db, id) };
}

/** Issues that differed and have nothing left to do, or are not under sync any more. */
async function healedBy(db: Db, runId: string): Promise<number> {
  const rows = await db.$queryRaw<{ healed: number }[]>`
    SELECT count(*)::int AS healed FROM verify_difference d JOIN twin t ON t.id = d."twinId"
    WHERE d."runId" = ${runId}::uuid AND (t."endedAt" IS NOT NULL
      OR (t.status = 'synchronized' AND t."hintedAt" IS NULL AND t."wakeAt" IS NULL AND t."leaseUntil" IS NULL
        AND NOT EXISTS (SELECT 1 FROM sync_request r WHERE r."twinId" = t.id)))`;
  return rows[0]?.healed ?? 0;
}
