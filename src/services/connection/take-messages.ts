import { z } from 'zod';
import { type Message, type MessageResult, messageSchema } from '#/engine/protocol/messages.ts';
import type { Connection, ServiceContext } from '../context.ts';
import { receiveMessages } from '../sync/receive-messages.ts';
import { PartnerRefusal } from './partner-refusal.ts';

const requestSchema = z.object({
  messages: z
    .array(z.looseObject({ id: z.uuid() }))
    .min(1)
    .max(100),
});

/**
 * Messages of an authenticated partner. One that cannot be read is refused by itself, so that it holds back no other.
 * While this end is deactivated nothing is taken: the partner keeps what it has (B6). Throws PartnerRefusal.
 */
export async function takeMessages(
  ctx: ServiceContext,
  { connection, request }: { connection: Connection; request: unknown },
): Promise<{ results: MessageResult[] }> {
  if (connection.status === 'deactivated')
    throw new PartnerRefusal(409, 'connection_deactivated', 'This end of the connection is deactivated.', null);
  const parsed = requestSchema.safeParse(request);
  if (!parsed.success) throw new PartnerRefusal(400, 'invalid_request', 'This is not a request of this protocol.');
  const messages: Message[] = [];
  const refused: MessageResult[] = [];
  for (const item of parsed.data.messages) {
    const message = messageSchema.safeParse(item);
    if (message.success) messages.push(message.data);
    else refused.push({ id: item.id, result: 'refused', reason: unreadable(message.error) });
  }
  // It sends, so it is active, whether or not its notice arrived.
  if (connection.partnerDeactivated) await noteActive(ctx, connection.id);
  const taken = messages.length === 0 ? [] : await receiveMessages(ctx, { connectionId: connection.id, messages });
  return { results: [...taken, ...refused] };
}

async function noteActive(ctx: ServiceContext, id: string): Promise<void> {
  await ctx.db.connection.updateMany({ where: { id, partnerDeactivated: true }, data: { partnerDeactivated: false } });
  await ctx.wake.pages({ kind: 'connection', id });
}

function unreadable(error: z.ZodError): string {
  const issue = error.issues[0];
  return `unreadable: ${issue?.path.join('.') ?? ''} ${issue?.code ?? ''}`.slice(0, 200);
}
