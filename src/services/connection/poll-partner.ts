/** Private node (D4): one turn of the long poll towards one partner. */
import { z } from 'zod';
import { TrackerError } from '#/engine/ports.ts';
import type { FileRefusal, PollRequest, WantedFile } from '#/engine/protocol/poll.ts';
import { POLL_HOLD_MS } from '#/engine/protocol/poll.ts';
import { recordFault } from '../error/record-fault.ts';
import { asActor } from '../context.ts';
import type { Connection, ServiceContext } from '../context.ts';
import { PeerError } from '../peer-channel.ts';
import { peerFault } from '../sync/peer-fault.ts';
import { answerQuestion } from './answer-question.ts';
import { channelTarget } from './channel-target.ts';
import { partnerAnswered, partnerFailed } from './partner-health.ts';
import { PartnerRefusal } from './partner-refusal.ts';
import { receiveNotice } from './receive-notice.ts';
import { takeMessages } from './take-messages.ts';

/** What the next poll has to say, and how polling goes. */
export interface PollTalk {
  results: PollRequest['results'];
  later: string[];
  answers: PollRequest['answers'];
  refusedFiles: { id: string; code: FileRefusal }[];
  failures: number;
}

export function newTalk(): PollTalk {
  return { results: [], later: [], answers: [], refusedFiles: [], failures: 0 };
}

const firstRetryMs = 500;

/** Connections whose partner this node must come to: all of a private node, as far as they are on. */
export async function polledConnections(ctx: ServiceContext): Promise<string[]> {
  const rows = await ctx.db.connection.findMany({
    where: {
      status: 'active',
      channelKey: { not: null },
      partnerPollOnly: false,
      OR: [{ hold: null }, { hold: { not: 'moved' } }],
      type: ctx.node.pollOnly ? { not: 'local' } : 'private',
    },
    select: { id: true },
  });
  return rows.map(({ id }) => id);
}

/**
 * One poll. What is received is stored before the next poll says so. `push` begins to bring a file and does not wait.
 * Gives the milliseconds to wait before the next poll, null when there is nothing to poll for any more.
 */
export async function pollPartner(
  ctx: ServiceContext,
  input: { connectionId: string; talk: PollTalk; push: (file: WantedFile) => void; signal: AbortSignal },
): Promise<number | null> {
  const { connectionId, talk, push, signal } = input;
  const connection = await ctx.db.connection.findUnique({ where: { id: connectionId } });
  if (connection === null || connection.status !== 'active' || connection.channelKey === null) return null;
  const said: PollRequest = {
    results: talk.results,
    later: talk.later,
    answers: talk.answers,
    refusedFiles: talk.refusedFiles.splice(0),
    believedActive: !connection.partnerDeactivated,
    pollOnly: ctx.node.pollOnly,
    // After a failure the first answer comes at once, so that it is known soon that all is well again.
    waitMs: talk.failures > 0 ? 0 : POLL_HOLD_MS,
  };
  try {
    const answer = await ctx.peer.poll(channelTarget(ctx, connection), said, signal);
    await heard(ctx, connection, talk);
    await noteActive(ctx, connection, answer.active);
    Object.assign(talk, await store(ctx, connection, answer.messages));
    talk.answers = [];
    for (const question of answer.questions) talk.answers.push(await reply(ctx, connection, question));
    for (const file of answer.files) push(file);
    const type = ctx.node.pollOnly ? 'private' : 'public';
    if (connection.type !== type) await ctx.db.connection.updateMany({ where: { id: connectionId }, data: { type } });
    return ctx.node.pollOnly ? 0 : null;
  } catch (error) {
    talk.refusedFiles.push(...said.refusedFiles);
    if (signal.aborted) return null;
    if (!(error instanceof PeerError)) throw error;
    return failed(ctx, connection, talk, error);
  }
}

async function heard(ctx: ServiceContext, connection: Connection, talk: PollTalk): Promise<void> {
  talk.failures = 0;
  await partnerAnswered(ctx, connection);
}

async function noteActive(ctx: ServiceContext, connection: Connection, active: boolean): Promise<void> {
  if (active !== connection.partnerDeactivated) return;
  await receiveNotice(asActor(ctx, { kind: 'partner', connectionId: connection.id }), {
    connectionId: connection.id,
    notice: { kind: active ? 'activated' : 'deactivated' },
  });
}

async function store(
  ctx: ServiceContext,
  connection: Connection,
  messages: unknown[],
): Promise<Pick<PollTalk, 'results' | 'later'>> {
  if (messages.length === 0) return { results: [], later: [] };
  const partner = asActor(ctx, { kind: 'partner', connectionId: connection.id });
  try {
    const { results } = await takeMessages(partner, { connection, request: { messages } });
    return { results, later: without(messages, results) };
  } catch (error) {
    if (error instanceof TrackerError) return { results: [], later: without(messages, []) };
    // They stay with the partner and are handed out again.
    if (error instanceof PartnerRefusal) return { results: [], later: [] };
    throw error;
  }
}

/** The ids of messages that have no result. */
function without(messages: unknown[], results: PollRequest['results']): string[] {
  const told = new Set(results.map(({ id }) => id));
  return z
    .array(z.object({ id: z.uuid() }))
    .parse(messages)
    .flatMap(({ id }) => (told.has(id) ? [] : [id]));
}

async function reply(
  ctx: ServiceContext,
  connection: Connection,
  { id, body }: { id: string; body?: unknown },
): Promise<{ id: string; body: unknown }> {
  try {
    return { id, body: await answerQuestion(ctx, { connection, question: body }) };
  } catch (error) {
    if (!(error instanceof PartnerRefusal)) throw error;
    return { id, body: { error: error.code } };
  }
}

/** One failure may be a restart over there; from the second on it is shown. */
async function failed(ctx: ServiceContext, connection: Connection, talk: PollTalk, error: PeerError): Promise<number> {
  talk.failures += 1;
  if (talk.failures === 1 && error.code === 'unreachable') return firstRetryMs;
  const fault = peerFault(error);
  await recordFault(ctx, fault, { twinId: null, connectionId: connection.id });
  await partnerFailed(ctx, connection, fault);
  const row = await ctx.db.connection.findUnique({ where: { id: connection.id }, select: { partnerRetryAt: true } });
  return Math.max(firstRetryMs, (row?.partnerRetryAt?.getTime() ?? 0) - ctx.clock.now());
}
