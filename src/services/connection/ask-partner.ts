import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Question } from '#/engine/protocol/question.ts';
import type { Connection, ServiceContext } from '../context.ts';
import { PeerError } from '../peer-channel.ts';
import { answerQuestion } from './answer-question.ts';
import { channelTarget } from './channel-target.ts';

const answerMs = 10_000;
const lookMs = 50;

/**
 * Asks the other end of a connection: a public partner directly, a private one with its next poll, the second end of a
 * local connection at once. Throws PeerError.
 */
export async function askPartner<T>(
  ctx: ServiceContext,
  connection: Connection,
  question: Question,
  schema: z.ZodType<T>,
): Promise<T> {
  const answer = await reach(ctx, connection, question);
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  throw new PeerError('not_a_node', { message: 'The partner answered in a way that this node does not know.' });
}

function reach(ctx: ServiceContext, connection: Connection, question: Question): Promise<unknown> {
  if (connection.type === 'local') return askOtherEnd(ctx, connection, question);
  if (connection.partnerPollOnly) return askByPoll(ctx, connection, question);
  return ctx.peer.ask(channelTarget(ctx, connection), question);
}

async function askOtherEnd(ctx: ServiceContext, connection: Connection, question: Question): Promise<unknown> {
  const side = connection.side === 'initiator' ? 'acceptor' : 'initiator';
  const other = await ctx.db.connection.findUnique({ where: { uid_side: { uid: connection.uid, side } } });
  if (other === null)
    throw new PeerError('connection_gone', { message: 'The other end of this local connection is gone.' });
  return answerQuestion(ctx, { connection: other, question });
}

/** A private partner that refuses a question says so with its code. */
function notRefused(answer: unknown): unknown {
  const refused = z.strictObject({ error: z.string() }).safeParse(answer);
  if (!refused.success) return answer;
  const reason = refused.data.error;
  throw new PeerError(reason === 'not_ready' ? 'busy' : 'refused', {
    message: 'The private partner refused what it was asked.',
    reason,
  });
}

async function askByPoll(ctx: ServiceContext, connection: Connection, question: Question): Promise<unknown> {
  const id = ctx.ids.uuid();
  await ctx.db.partnerQuestion.create({ data: { id, connectionId: connection.id, body: { ...question } } });
  await ctx.polls?.ring(connection.id);
  const until = performance.now() + answerMs;
  try {
    while (performance.now() < until) {
      await sleep(lookMs);
      const row = await ctx.db.partnerQuestion.findUnique({ where: { id }, select: { answer: true } });
      if (row === null) break;
      if (row.answer !== null) return notRefused(row.answer);
    }
  } finally {
    await ctx.db.partnerQuestion.deleteMany({ where: { id } });
  }
  throw new PeerError('unreachable', {
    message: 'The private partner has not come for its messages lately.',
    reason: 'timeout',
  });
}
