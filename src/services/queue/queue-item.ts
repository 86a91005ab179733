import { z } from 'zod';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { queueTabs } from './tabs.ts';

const inputSchema = z.object({ tab: z.enum(queueTabs), id: z.uuid() });

/** One queued event, request or attachment with what it carries, as JSON text; null when it has been worked off. */
export async function queueItem(
  ctx: ServiceContext,
  input: z.input<typeof inputSchema>,
): Promise<{ title: string; json: string } | null> {
  requireAdmin(ctx);
  const { tab, id } = parseInput(inputSchema, input);
  if (tab === 'outgoing-sync') {
    const event = await ctx.db.syncEvent.findUnique({ where: { id } });
    return event && { title: `Event ${event.seq}`, json: toText({ ...event }) };
  }
  if (tab === 'incoming-sync') {
    const request = await ctx.db.syncRequest.findUnique({ where: { id } });
    return request && { title: `Request ${request.seq}`, json: toText({ ...request }) };
  }
  const trace = await ctx.db.attachmentTrace.findUnique({ where: { id } });
  return trace && { title: `Attachment ${trace.filename}`, json: toText({ ...trace }) };
}

function toText(value: object): string {
  return JSON.stringify(value, (_, entry: unknown) => (typeof entry === 'bigint' ? entry.toString() : entry), 2);
}
