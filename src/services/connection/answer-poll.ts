/**
 * The poll of a private partner (D4): what it says is taken first, then the answer is held until there is something for it.
 * A message is handed out until the partner has said that it stored it, so a lost answer costs nothing.
 */
import { type PollAnswer, type PollRequest, pollRequestSchema } from '#/engine/protocol/poll.ts';
import type { BellWatch, Connection, ServiceContext } from '../context.ts';
import { PartnerRefusal } from './partner-refusal.ts';
import { makeTwinsDue, wakeTwins } from './wake-twins.ts';

const messagesAtOnce = 50;
const answerBytes = 8 * 1024 * 1024;
/** The partner reads answers of at most 17 MiB; what else is in one is small beside that. */
const largestMessage = 15 * 1024 * 1024;
/** They and their answers may be as large as messages. */
const questionsAtOnce = 2;
/** A file or question that was asked for this long ago and did not come is asked for again. */
const askAgainSeconds = 15;
/** A message that the partner cannot take now is offered again after so long. */
const offerAgainSeconds = 5;
/** Beside the bell, the database is looked at this often; without a bell more often. */
const lookMs = 2_000;
const lookWithoutBellMs = 250;

export async function answerPoll(
  ctx: ServiceContext,
  { connection, request, signal }: { connection: Connection; request: unknown; signal: AbortSignal },
): Promise<PollAnswer> {
  const parsed = pollRequestSchema.safeParse(request);
  if (!parsed.success) throw new PartnerRefusal(400, 'invalid_request', 'This is not a request of this protocol.');
  const poll = parsed.data;
  const watch = await ctx.polls?.watch(connection.id);
  try {
    await noteSeen(ctx, connection, poll);
    await tellResults(ctx, connection.id, poll.results);
    await putOff(ctx, connection.id, poll.later ?? []);
    await takeAnswers(ctx, connection, poll);
    return await hold(ctx, { connection, poll, watch, signal });
  } finally {
    watch?.end();
  }
}

interface Held {
  connection: Connection;
  poll: PollRequest;
  watch: BellWatch | undefined;
  signal: AbortSignal;
}

async function hold(ctx: ServiceContext, { connection, poll, watch, signal }: Held): Promise<PollAnswer> {
  const until = performance.now() + poll.waitMs;
  for (;;) {
    const answer = await look(ctx, connection.id);
    const left = until - performance.now();
    const something = answer.messages.length + answer.files.length + answer.questions.length > 0;
    if (something || answer.active !== poll.believedActive || left <= 0) return answer;
    if (watch?.closed === true || signal.aborted) return answer;
    if (watch !== undefined) await watch.wait(Math.min(lookMs, left), signal);
    else await new Promise((resolve) => setTimeout(resolve, Math.min(lookWithoutBellMs, left)));
  }
}

async function look(ctx: ServiceContext, connectionId: string): Promise<PollAnswer> {
  const row = await ctx.db.connection.findUnique({ where: { id: connectionId }, select: { status: true, hold: true } });
  if (row === null)
    throw new PartnerRefusal(404, 'connection_gone', 'This connection is not known here. It was probably removed.');
  const active = row.status !== 'deactivated';
  // A database that may be older than the partner asks before it says anything.
  const questions = await waitingQuestions(ctx, connectionId);
  if (!active || row.hold !== null) return { active, messages: [], files: [], questions };
  return {
    active,
    messages: await waitingMessages(ctx, connectionId),
    files: await wantedFiles(ctx, connectionId),
    questions,
  };
}

/**
 * As many as fit into one answer, in order. A message that is too large for any answer would hold back all others for good:
 * it is refused here, as the partner would refuse it.
 */
async function waitingMessages(ctx: ServiceContext, connectionId: string): Promise<unknown[]> {
  const rows = await ctx.db.$queryRaw<{ id: string; bytes: number; replica: unknown }[]>`
    SELECT id, bytes::int, CASE WHEN upto <= ${answerBytes} OR n = 1 AND bytes <= ${largestMessage} THEN replica END AS replica
    FROM (
      SELECT *, sum(bytes) OVER w AS upto, row_number() OVER w AS n
      FROM (
        SELECT id, seq, replica, octet_length(replica::text) AS bytes FROM sync_event
        WHERE "connectionId" = ${connectionId}::uuid AND status = 'pending' ORDER BY seq LIMIT ${messagesAtOnce}
      ) AS waiting
      WINDOW w AS (ORDER BY seq)
    ) AS sized ORDER BY seq`;
  const tooLarge = rows.filter(({ bytes }) => bytes > largestMessage);
  if (tooLarge.length > 0) {
    await tellResults(
      ctx,
      connectionId,
      tooLarge.map(({ id }) => ({ id, result: 'refused', reason: 'too_large' })),
    );
    return waitingMessages(ctx, connectionId);
  }
  return rows.filter(({ replica }) => replica !== null).map(({ replica }) => replica);
}

async function wantedFiles(ctx: ServiceContext, connectionId: string): Promise<PollAnswer['files']> {
  return ctx.db.$queryRaw<PollAnswer['files']>`
    UPDATE attachment_transfer SET state = 'asked', "askedAt" = now()
    WHERE id IN (
      SELECT id FROM attachment_transfer
      WHERE "connectionId" = ${connectionId}::uuid AND (state = 'wanted'
        OR (state = 'asked' AND "askedAt" < now() - make_interval(secs => ${askAgainSeconds})))
      ORDER BY "createdAt" LIMIT 20 FOR UPDATE SKIP LOCKED)
    RETURNING id, "twinUid" AS twin, "traceUid" AS trace`;
}

async function waitingQuestions(ctx: ServiceContext, connectionId: string): Promise<PollAnswer['questions']> {
  return ctx.db.$queryRaw<PollAnswer['questions']>`
    UPDATE partner_question SET "askedAt" = now()
    WHERE id IN (
      SELECT id FROM partner_question
      WHERE "connectionId" = ${connectionId}::uuid AND answer IS NULL
        AND ("askedAt" IS NULL OR "askedAt" < now() - make_interval(secs => ${askAgainSeconds}))
      ORDER BY "createdAt" LIMIT ${questionsAtOnce} FOR UPDATE SKIP LOCKED)
    RETURNING id, body`;
}

/** It polls, so it is there and active, whether or not its notices arrived. */
async function noteSeen(ctx: ServiceContext, connection: Connection, poll: PollRequest): Promise<void> {
  const now = new Date(ctx.clock.now());
  const switched = connection.partnerPollOnly !== poll.pollOnly;
  await ctx.db.connection.updateMany({
    where: { id: connection.id },
    data: {
      partnerSeenAt: now,
      ...(switched ? { partnerPollOnly: poll.pollOnly, type: poll.pollOnly ? 'private' : 'public' } : {}),
      ...(connection.partnerDeactivated ? { partnerDeactivated: false, partnerFailures: 0, partnerRetryAt: null } : {}),
    },
  });
  if (!switched && !connection.partnerDeactivated) return;
  const twins = await ctx.db.$transaction((tx) => makeTwinsDue(tx, [connection.id], now));
  await wakeTwins(ctx, twins);
  await ctx.wake.pages({ kind: 'connection', id: connection.id });
}

/** Ends the waiting of messages that the partner has stored or refused; their lanes go on. */
async function tellResults(ctx: ServiceContext, connectionId: string, results: PollRequest['results']): Promise<void> {
  if (results.length === 0) return;
  const rows = await ctx.db.$queryRaw<{ id: string }[]>`
    WITH told AS (
      UPDATE sync_event SET status = r.result, "lastError" = r.reason
      FROM jsonb_to_recordset(${JSON.stringify(results)}::jsonb) AS r(id uuid, result text, reason text)
      WHERE sync_event.id = r.id AND "connectionId" = ${connectionId}::uuid AND status = 'pending'
      RETURNING "twinId"
    )
    UPDATE twin SET "wakeAt" = now() WHERE id IN (SELECT "twinId" FROM told) RETURNING id`;
  await ctx.wake.twins(rows.map(({ id }) => id));
}

/** Held until their lanes offer them again, so that they stand in the way of no other message meanwhile. */
async function putOff(ctx: ServiceContext, connectionId: string, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  await ctx.db.$executeRaw`
    WITH held AS (
      UPDATE sync_event SET status = 'held'
      WHERE id = ANY(${ids}::uuid[]) AND "connectionId" = ${connectionId}::uuid AND status = 'pending'
      RETURNING "twinId"
    )
    UPDATE twin SET "wakeAt" = LEAST("wakeAt", now() + make_interval(secs => ${offerAgainSeconds}))
    WHERE id IN (SELECT "twinId" FROM held)`;
}

async function takeAnswers(ctx: ServiceContext, connection: Connection, poll: PollRequest): Promise<void> {
  for (const { id, body } of poll.answers) {
    await ctx.db.$executeRaw`
      UPDATE partner_question SET answer = ${JSON.stringify(body)}::jsonb
      WHERE id = ${id}::uuid AND "connectionId" = ${connection.id}::uuid`;
  }
  if (poll.refusedFiles.length === 0) return;
  const rows = await ctx.db.$queryRaw<{ id: string }[]>`
    WITH told AS (
      UPDATE attachment_transfer SET state = 'refused', reason = r.code
      FROM jsonb_to_recordset(${JSON.stringify(poll.refusedFiles)}::jsonb) AS r(id uuid, code text)
      WHERE attachment_transfer.id = r.id AND "connectionId" = ${connection.id}::uuid AND state IN ('wanted', 'asked')
      RETURNING "connectionId", "twinUid"
    )
    UPDATE twin SET "wakeAt" = now() FROM told
    WHERE twin."connectionId" = told."connectionId" AND twin.uid = told."twinUid" RETURNING twin.id`;
  await ctx.wake.twins(rows.map(({ id }) => id));
}
