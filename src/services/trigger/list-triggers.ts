import { z } from 'zod';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';

export interface TriggerRow {
  id: string;
  connection: { id: string; name: string; status: string };
  entityType: 'issue';
  jql: string;
  notes: string;
  active: boolean;
  createdBy: string;
  createdAt: Date;
  /** Of the open error that it has; its id leads to the Errors page. */
  error: { id: string; detail: string } | null;
  /** Bulk work of this trigger that is under way. */
  run: { id: string; kind: 'exalate' | 'unexalate'; done: number; total: number; failed: number } | null;
}

interface Raw extends Omit<TriggerRow, 'connection' | 'error' | 'run'> {
  connectionId: string;
  connectionName: string;
  connectionStatus: string;
  errorId: string | null;
  errorDetail: string | null;
  runId: string | null;
  runKind: 'exalate' | 'unexalate';
  runDone: number;
  runTotal: number;
  runFailed: number;
}

/** All triggers, or those of one connection (either end of a local one), newest first. One query. */
export async function listTriggers(
  ctx: ServiceContext,
  input: { connectionId?: string } = {},
): Promise<readonly TriggerRow[]> {
  requireAdmin(ctx);
  const { connectionId = null } = parseInput(z.object({ connectionId: z.uuid().optional() }), input);
  const rows = await ctx.db.$queryRaw<Raw[]>`
    SELECT t.id, t."entityType", t.jql, t.notes, t.active, t."createdBy", t."createdAt",
      c.id AS "connectionId", c.name AS "connectionName", c.status::text AS "connectionStatus",
      e.id AS "errorId", e.detail AS "errorDetail",
      r.id AS "runId", r.kind AS "runKind", r.done AS "runDone", r.total AS "runTotal", r.failed AS "runFailed"
    FROM sync_trigger t JOIN connection c ON c.id = t."connectionId"
    LEFT JOIN sync_error e ON e."resolvedAt" IS NULL
      AND e.fingerprint = encode(sha256(convert_to('["trigger","' || t.id || '"]', 'UTF8')), 'hex')
    LEFT JOIN LATERAL (
      SELECT * FROM bulk_run WHERE "triggerId" = t.id AND "endedAt" IS NULL ORDER BY "createdAt" DESC LIMIT 1
    ) r ON TRUE
    WHERE ${connectionId}::uuid IS NULL OR c.uid = (SELECT uid FROM connection WHERE id = ${connectionId}::uuid)
    ORDER BY t."createdAt" DESC, t.id`;
  return rows.map((row) => ({
    id: row.id,
    connection: { id: row.connectionId, name: row.connectionName, status: row.connectionStatus },
    entityType: row.entityType,
    jql: row.jql,
    notes: row.notes,
    active: row.active,
    createdBy: row.createdBy,
    createdAt: row.createdAt,
    error: row.errorId === null ? null : { id: row.errorId, detail: row.errorDetail ?? '' },
    run:
      row.runId === null
        ? null
        : { id: row.runId, kind: row.runKind, done: row.runDone, total: row.runTotal, failed: row.runFailed },
  }));
}
