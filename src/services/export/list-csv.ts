/** The lists of the console as CSV, with the filter that the page has; read page by page while they are sent. */
import { z } from 'zod';
import { csvLine } from '#/engine/csv/write.ts';
import { twinStatuses } from '#/engine/twin/status.ts';
import { listAudit } from '../audit/list-audit.ts';
import type { CsvDownload } from '../bulk/failed-rows-csv.ts';
import { listConnections } from '../connection/list-connections.ts';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { listErrors } from '../error/list-errors.ts';
import { listQueue, queueSorts } from '../queue/list-queue.ts';
import { queueTabs } from '../queue/tabs.ts';
import { listTriggers } from '../trigger/list-triggers.ts';
import { listTwins } from '../twin/list-twins.ts';
import { plainText } from '../plain-text.ts';

export async function connectionsCsv(ctx: ServiceContext): Promise<CsvDownload> {
  const rows = await listConnections(ctx);
  const head = ['name', 'partner', 'type', 'mode', 'local project', 'status', 'issues under sync', 'last sync'];
  const lines = rows.map((row) => [
    row.name,
    row.partner.name ?? '',
    row.type,
    row.mode,
    row.project.key,
    row.status,
    String(row.underSync),
    time(row.lastSync),
  ]);
  return { filename: filename(ctx, 'connections'), chunks: text([head, ...lines]) };
}

export async function triggersCsv(ctx: ServiceContext, input: { connectionId: string }): Promise<CsvDownload> {
  const known = z.uuid().safeParse(input.connectionId).success;
  const rows = await listTriggers(ctx, known ? { connectionId: input.connectionId } : {});
  const head = ['active', 'if', 'then sync with the connection', 'notes', 'created by', 'created'];
  const lines = rows.map(({ active, jql, connection, notes, createdBy, createdAt }) => [
    active ? 'yes' : 'no',
    jql,
    connection.name,
    notes,
    createdBy,
    time(createdAt),
  ]);
  return { filename: filename(ctx, 'triggers'), chunks: text([head, ...lines]) };
}

const twinFilterSchema = z.object({
  key: plainText(300).optional(),
  connectionId: z.uuid().optional().catch(undefined),
  status: z.enum(twinStatuses).optional().catch(undefined),
});

/** Entity Sync Status; what cannot be a filter is passed over, as the page does. */
export async function twinsCsv(
  ctx: ServiceContext,
  input: { key?: string; connectionId?: string; status?: string },
): Promise<CsvDownload> {
  requireAdmin(ctx);
  const { key, connectionId, status } = parseInput(twinFilterSchema, input);
  const filter = {
    ...(key ? { key } : {}),
    ...(connectionId === undefined ? {} : { connectionId }),
    ...(status === undefined ? {} : { status }),
  };
  const head = ['local key', 'remote key', 'connection', 'status', 'last sync in', 'last sync out', 'error'];
  const chunks = pages(head, async (cursor) => {
    const { rows, nextCursor } = await listTwins(ctx, { ...filter, ...(cursor === null ? {} : { cursor }) });
    const lines = rows.map((row) => [
      row.local?.key ?? '',
      row.remote?.key ?? '',
      row.connection.name,
      row.status,
      time(row.lastSyncIn),
      time(row.lastSyncOut),
      row.error ?? '',
    ]);
    return { lines, nextCursor };
  });
  return { filename: filename(ctx, 'entity-sync-status'), chunks };
}

export async function errorsCsv(ctx: ServiceContext, filter: { resolved: boolean }): Promise<CsvDownload> {
  requireAdmin(ctx);
  const head = ['summary', 'impact', 'issue', 'connection', 'first time', 'last time', 'count', 'cause', 'what to do'];
  const chunks = pages(head, async (cursor) => {
    const { rows, nextCursor } = await listErrors(ctx, { ...filter, ...(cursor === null ? {} : { cursor }) });
    const lines = rows.map((row) => [
      row.summary,
      row.impact,
      row.twin?.key ?? '',
      row.connection?.name ?? '',
      time(row.firstAt),
      time(row.lastAt),
      String(row.count),
      row.why,
      row.remedy,
    ]);
    return { lines, nextCursor };
  });
  return { filename: filename(ctx, 'errors'), chunks };
}

export async function queueCsv(
  ctx: ServiceContext,
  input: { tab: string; connectionId: string; localKey: string; remoteKey: string; sort: string; descending: boolean },
): Promise<CsvDownload> {
  requireAdmin(ctx);
  const tab = queueTabs.find((name) => name === input.tab) ?? queueTabs[0];
  const filter = {
    tab,
    sort: queueSorts.find((name) => name === input.sort) ?? queueSorts[0],
    descending: input.descending,
    ...(z.uuid().safeParse(input.connectionId).success ? { connectionId: input.connectionId } : {}),
    ...(input.localKey === '' ? {} : { localKey: input.localKey }),
    ...(input.remoteKey === '' ? {} : { remoteKey: input.remoteKey }),
  };
  const head = [
    'id',
    'event number',
    'status',
    'connection',
    'sync type',
    'twin trace id',
    'local key',
    'remote key',
    'since',
  ];
  const chunks = pages(head, async (cursor) => {
    const { rows, nextCursor } = await listQueue(ctx, { ...filter, ...(cursor === null ? {} : { cursor }) });
    const lines = rows.map((row) => [
      String(row.seq),
      String(row.number),
      row.status,
      row.connection.name,
      row.kind,
      row.trace,
      row.localKey ?? '',
      row.remoteKey ?? '',
      time(row.at),
    ]);
    return { lines, nextCursor };
  });
  return { filename: filename(ctx, tab), chunks };
}

export async function auditCsv(ctx: ServiceContext, input: { actor: string }): Promise<CsvDownload> {
  requireAdmin(ctx);
  const filter = input.actor === '' ? {} : { actor: input.actor };
  const chunks = pages(['time', 'who', 'what', 'target', 'details'], async (cursor) => {
    const { rows, nextCursor } = await listAudit(ctx, { ...filter, ...(cursor === null ? {} : { cursor }) });
    const lines = rows.map((row) => [
      time(row.at),
      row.actor,
      row.what,
      row.target,
      row.details.map(({ name, value }) => `${name}: ${value}`).join('; '),
    ]);
    return { lines, nextCursor };
  });
  return { filename: filename(ctx, 'audit-log'), chunks };
}

async function* text(lines: readonly (readonly string[])[]): AsyncGenerator<string> {
  yield lines.map(csvLine).join('');
}

async function* pages(
  head: readonly string[],
  read: (cursor: string | null) => Promise<{ lines: readonly (readonly string[])[]; nextCursor: string | null }>,
): AsyncGenerator<string> {
  yield csvLine(head);
  for (let cursor: string | null = null; ;) {
    const { lines, nextCursor }: Awaited<ReturnType<typeof read>> = await read(cursor);
    yield lines.map(csvLine).join('');
    if (nextCursor === null) return;
    cursor = nextCursor;
  }
}

function time(at: Date | null): string {
  return at?.toISOString() ?? '';
}

function filename(ctx: ServiceContext, list: string): string {
  return `${list}-${new Date(ctx.clock.now()).toISOString().slice(0, 10)}.csv`;
}
