/**
 * One small step of whichever bulk run is due. A run is owned by one worker at a time, for the length of a lease; a
 * worker that dies in a step loses nothing, because every step can be done again.
 */
import type { BulkRun, Connection } from '#/db/models.ts';
import { faultText } from '#/engine/fault/faults.ts';
import { trackerFault } from '#/engine/fault/tracker-fault.ts';
import { TrackerError } from '#/engine/ports.ts';
import type { ServiceContext } from '../context.ts';
import { cleanUpStep } from './clean-up-step.ts';
import { connectStep } from './connect-step.ts';
import { unexalateStep } from './end-step.ts';
import { exalateStep } from './exalate-step.ts';
import { openItems } from './items.ts';

const leaseSeconds = 120;
const busyMs = 50;
const watchMs = 500;
const blockedMs = 5_000;

/** Does a step of one run; false when none is due. */
export async function bulkStep(ctx: ServiceContext, owner: string): Promise<boolean> {
  const run = await takeRun(ctx, owner);
  if (run === null) return false;
  try {
    await leaveRun(ctx, run, await step(ctx, run));
  } catch (error) {
    if (!(error instanceof TrackerError)) {
      await leaveRun(ctx, run, {
        againMs: blockedMs,
        waitingFor: 'Something unexpected happened; it is tried again.',
        ended: null,
      });
      throw error;
    }
    await leaveRun(ctx, run, afterJiraFailure(error));
  }
  await ctx.wake.pages({ kind: 'connection', id: run.connectionId });
  return true;
}

/** Milliseconds until a run is due, at most `maxMs`. */
export async function nextBulkStepInMs(ctx: ServiceContext, maxMs: number): Promise<number> {
  const rows = await ctx.db.$queryRaw<{ inMs: number | null }[]>`
    SELECT (extract(epoch FROM min(greatest("nextStepAt", "leaseUntil")) - now()) * 1000)::float8 AS "inMs"
    FROM bulk_run WHERE "endedAt" IS NULL`;
  return Math.min(maxMs, Math.max(20, rows[0]?.inMs ?? maxMs));
}

interface StepResult {
  againMs: number;
  waitingFor: string | null;
  ended: 'done' | 'cancelled' | null;
}

async function takeRun(ctx: ServiceContext, owner: string): Promise<BulkRun | null> {
  const token = `${owner}:${ctx.ids.uuid()}`;
  const rows = await ctx.db.$queryRaw<{ id: string }[]>`
    UPDATE bulk_run SET "leaseOwner" = ${token}, "leaseUntil" = now() + make_interval(secs => ${leaseSeconds}),
      status = 'running', "startedAt" = COALESCE("startedAt", now())
    WHERE id = (
      SELECT id FROM bulk_run
      WHERE "endedAt" IS NULL AND "nextStepAt" <= now() AND ("leaseUntil" IS NULL OR "leaseUntil" < now())
      ORDER BY "nextStepAt" LIMIT 1 FOR UPDATE SKIP LOCKED
    )
    RETURNING id`;
  const id = rows[0]?.id;
  return id === undefined ? null : ctx.db.bulkRun.findFirst({ where: { id, leaseOwner: token } });
}

async function leaveRun(ctx: ServiceContext, run: BulkRun, { againMs, waitingFor, ended }: StepResult): Promise<void> {
  await ctx.db.$executeRaw`
    UPDATE bulk_run SET "leaseOwner" = NULL, "leaseUntil" = NULL, "nextStepAt" = now() + make_interval(secs => ${againMs / 1000}),
      "waitingFor" = CASE WHEN "endedAt" IS NULL THEN ${waitingFor} ELSE "waitingFor" END,
      status = CASE WHEN "endedAt" IS NULL THEN COALESCE(${ended}, status) ELSE status END,
      "endedAt" = CASE WHEN "endedAt" IS NULL AND ${ended !== null} THEN now() ELSE "endedAt" END
    WHERE id = ${run.id}::uuid AND "leaseOwner" = ${run.leaseOwner}`;
}

async function step(ctx: ServiceContext, run: BulkRun): Promise<StepResult> {
  const connection = await ctx.db.connection.findUnique({ where: { id: run.connectionId } });
  if (connection === null) return { againMs: 0, waitingFor: null, ended: 'cancelled' };
  const blocked = blockedBy(run, connection);
  if (blocked !== null) return { againMs: blockedMs, waitingFor: blocked, ended: null };
  const before = `${run.done} ${run.failed} ${run.listed}`;
  await stepOf(ctx, run, connection);
  const after = await ctx.db.bulkRun.findUnique({ where: { id: run.id } });
  if (after === null) return { againMs: 0, waitingFor: null, ended: null };
  const { pending, working } = await openItems(ctx, run.id);
  if (after.listed && pending + working === 0) return { againMs: 0, waitingFor: null, ended: 'done' };
  const moved =
    before !== `${after.done} ${after.failed} ${after.listed}` ||
    JSON.stringify(run.cursor) !== JSON.stringify(after.cursor);
  return { againMs: moved ? busyMs : watchMs, waitingFor: null, ended: null };
}

async function stepOf(ctx: ServiceContext, run: BulkRun, connection: Connection): Promise<void> {
  switch (run.kind) {
    case 'exalate':
      return exalateStep(ctx, run, connection);
    case 'unexalate':
      return unexalateStep(ctx, run, connection);
    case 'connect':
      return connectStep(ctx, run, connection);
    case 'clean_up':
      return cleanUpStep(ctx, run);
    default:
      throw new Error(`There is no bulk run of the kind ${run.kind}.`);
  }
}

/** What begins pairs needs an active connection; what ends them does not. */
function blockedBy(run: BulkRun, connection: Connection): string | null {
  if (connection.status === 'active' || run.kind === 'unexalate' || run.kind === 'clean_up') return null;
  return `The connection "${connection.name}" is not active. It goes on when the connection is activated.`;
}

function afterJiraFailure(error: TrackerError): StepResult {
  const fault = trackerFault(error, 'looking for the issues');
  if (error.code === 'invalid' || error.code === 'forbidden') {
    return { againMs: 0, waitingFor: `Given up: ${fault.detail}`, ended: 'cancelled' };
  }
  const againMs = Math.max(blockedMs, error.retryAfterMs ?? 0);
  return { againMs, waitingFor: `${faultText(fault.code).summary} It goes on by itself.`, ended: null };
}
