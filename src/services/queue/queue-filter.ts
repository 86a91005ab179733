/** What the Sync Queue can be asked for, and where one of its pages ends. */
import { z } from 'zod';
import { queueTabs } from './tabs.ts';
import { plainText } from '../plain-text.ts';

export const queueSorts = ['id', 'number', 'status', 'connection', 'kind', 'trace'] as const;
export type QueueSort = (typeof queueSorts)[number];

export const pageSize = 50;

export const queueFilterSchema = z.object({
  tab: z.enum(queueTabs),
  connectionId: z.uuid().optional(),
  /** Issue keys, whole. */
  localKey: plainText(300).optional(),
  remoteKey: plainText(300).optional(),
  sort: z.enum(queueSorts).default('id'),
  descending: z.boolean().default(false),
  cursor: plainText(1000).optional(),
});
export type QueueFilter = z.output<typeof queueFilterSchema>;

/** The last row of a page: value of the sorted column, what decides among equal ones before the row itself, and the row. */
export interface Position {
  by: string;
  tie: string;
  row: string;
}

const number = z.string().regex(/^\d{1,18}$/);
const positionSchema = z.tuple([z.string(), z.string(), z.string()]);

export function writeCursor({ by, tie, row }: Position): string {
  return Buffer.from(JSON.stringify([by, tie, row])).toString('base64url');
}

/** null for the first page, and for a cursor that no page with this tab and sort has given. */
export function readCursor({ cursor, tab, sort }: QueueFilter): Position | null {
  const parsed = positionSchema.safeParse(decoded(cursor));
  if (!parsed.success) return null;
  const [by, tie, row] = parsed.data;
  const files = tab === 'outgoing-attachments' || tab === 'incoming-attachments';
  const rowSchema = files ? z.uuid() : number;
  const bySchema = sort === 'number' ? number : files && (sort === 'id' || sort === 'trace') ? z.uuid() : z.string();
  const tieSchema = !files && sort === 'connection' ? z.uuid() : z.string();
  const fits = rowSchema.safeParse(row).success && bySchema.safeParse(by).success && tieSchema.safeParse(tie).success;
  return fits ? { by, tie, row } : null;
}

function decoded(cursor: string | undefined): unknown {
  try {
    return JSON.parse(Buffer.from(cursor ?? '', 'base64url').toString('utf8'));
  } catch {
    return null;
  }
}
