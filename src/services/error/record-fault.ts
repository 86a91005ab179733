/** Open errors as the Errors page shows them: equal ones are one row with a count, and cured ones resolve themselves. */
import { createHash } from 'node:crypto';
import type { Prisma } from '#/db/generated/client.ts';
import type { Fault, FaultCode } from '#/engine/fault/faults.ts';
import { faultText } from '#/engine/fault/faults.ts';
import { reportedPrefix, reportedText } from '#/engine/fault/reported.ts';
import type { ServiceContext } from '../context.ts';
import { isMailFault } from '../notification/mail-fault.ts';
import { upsertError, type NewError } from './upsert-error.ts';

export interface FaultScope {
  twinId: string | null;
  connectionId: string | null;
  /** What of the twin, where each such thing has a row of its own. */
  subject?: string;
  /** Of the lane that failed. */
  fence?: bigint;
}

export async function recordFault(ctx: ServiceContext, fault: Fault, scope: FaultScope): Promise<void> {
  const { impact, summary } = faultText(fault.code);
  await record(ctx, { impact, code: fault.code, summary, detail: fault.detail }, scope);
  if (impact === 'node') {
    await ctx.db.$executeRaw`
      UPDATE node SET "jiraState" = ${fault.code}, "jiraStateDetail" = ${fault.detail}, "jiraStateSince" = now()
      WHERE id = 1 AND "jiraState" <> ${fault.code}`;
  }
  await ctx.wake.pages({ kind: 'node' });
}

/** An error with which the partner is stuck on a twin. */
export async function recordReported(
  ctx: ServiceContext,
  error: { code: string; summary: string; detail?: string | undefined },
  scope: FaultScope,
): Promise<void> {
  const { summary } = reportedText(error);
  await record(ctx, { impact: 'issue', code: reportedPrefix + error.code, summary, detail: error.detail ?? '' }, scope);
  await ctx.wake.pages({ kind: 'node' });
}

async function record(
  ctx: ServiceContext,
  error: Pick<NewError, 'impact' | 'code' | 'summary' | 'detail'>,
  scope: FaultScope,
): Promise<void> {
  const { subject, ...place } = scope;
  const fingerprint = fingerprintOf(error.code, scope);
  // A mail about mail that cannot be sent would not arrive either.
  await upsertError(ctx, { ...error, ...place, fingerprint }, { tell: !isMailFault(error.code) });
}

function fingerprintOf(code: string, { twinId, connectionId, subject }: FaultScope): string {
  const parts = [code, twinId, connectionId, ...(subject === undefined ? [] : [subject])];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** Met while the partner was served, so no turn of our own lane proves that it is over. */
const ofServing: FaultCode = 'file_unreadable';

/** A file could be read for the partner. */
export async function clearUnreadableFile(ctx: ServiceContext, scope: FaultScope): Promise<void> {
  await resolve(ctx, { fingerprint: fingerprintOf(ofServing, scope) });
}

/** The partner has no trouble with the twin any more: what could not be read is there now, or not wanted any longer. */
export async function clearUnreadableFiles(ctx: ServiceContext, twinId: string): Promise<void> {
  await resolve(ctx, { twinId, code: ofServing });
}

/** The partner does not report an error of this twin any more. */
export async function clearReported(ctx: ServiceContext, twinId: string): Promise<void> {
  await resolve(ctx, { twinId, code: { startsWith: reportedPrefix } });
}

async function resolve(ctx: ServiceContext, where: Prisma.SyncErrorWhereInput): Promise<void> {
  const { count } = await ctx.db.syncError.updateMany({
    where: { ...where, resolvedAt: null },
    data: { resolvedAt: new Date(ctx.clock.now()), resolvedBy: 'sync' },
  });
  if (count > 0) await ctx.wake.pages({ kind: 'node' });
}

/**
 * Resolves the open errors of a twin's own work (all, or all but some), of a connection's partner, or of the node, now that the
 * work succeeded.
 */
export async function clearFaults(
  ctx: ServiceContext,
  scope: { twinId: string; except?: readonly FaultCode[] } | { connectionId: string } | { node: true },
): Promise<void> {
  const where: Prisma.SyncErrorWhereInput =
    'twinId' in scope
      ? {
          twinId: scope.twinId,
          code: { notIn: [ofServing, ...(scope.except ?? [])] },
          NOT: { code: { startsWith: reportedPrefix } },
        }
      : 'connectionId' in scope
        ? { connectionId: scope.connectionId, impact: 'connection' }
        : { impact: 'node' };
  await resolve(ctx, where);
  if ('node' in scope) {
    await ctx.db.node.updateMany({
      where: { jiraState: { not: 'ok' } },
      data: { jiraState: 'ok', jiraStateDetail: null, jiraStateSince: null },
    });
  }
  await ctx.wake.pages({ kind: 'node' });
}
