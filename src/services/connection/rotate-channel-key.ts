import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { deriveNextKey, rekeyConfirmation, rekeyProof, sameProof } from '#/engine/connection/channel-rekey.ts';
import { x25519PublicKey } from '#/engine/connection/x25519.ts';
import { doneSchema, rekeyAnswerSchema, type RekeyAnswer } from '#/engine/protocol/question.ts';
import type { Connection, ServiceContext } from '../context.ts';
import { ServiceError } from '../errors.ts';
import { PeerError } from '../peer-channel.ts';
import { askPartner } from './ask-partner.ts';
import { channelKeyPlace, channelTarget, previousKeyPlace } from './channel-target.ts';
import { findConnection } from './find-connection.ts';
import { parseInput } from './parse-input.ts';
import { openRekey, PREVIOUS_KEY_MS, replaceRekey, type RekeyState } from './rekey-state.ts';
import { requireAdmin } from './require-admin.ts';

const inputSchema = z.object({ id: z.uuid() });

/**
 * Agrees with the partner on a new key for the channel. Both keys are good until both ends use the new one, so nothing that is
 * under way is refused. `done` is false when the partner could not be reached: the worker goes on with it. Asking again
 * while one is under way goes on with that one.
 */
export async function rotateChannelKey(ctx: ServiceContext, input: { id: string }): Promise<{ done: boolean }> {
  const by = requireAdmin(ctx);
  const { id } = parseInput(inputSchema, input);
  await propose(ctx, id, by);
  try {
    return { done: await goOn(ctx, id) };
  } catch (error) {
    if (!(error instanceof PeerError)) throw error;
    if (isUnknownThere(error)) throw olderPartner(error);
    ctx.logger.info({ connection: id, code: error.code }, 'rotation of a channel key waits for the partner');
    return { done: false };
  }
}

/** Goes on with rotations that began here and are not at their end. Gives how many ended. For the worker. */
export async function resumeKeyRotations(ctx: ServiceContext): Promise<number> {
  const rows = await ctx.db.connection.findMany({ where: { rekey: { not: null }, channelKey: { not: null } } });
  let ended = 0;
  for (const row of rows) {
    const stage = openRekey(ctx, row)?.stage;
    if (stage !== 'proposed' && stage !== 'switched') continue;
    if (row.hold === 'moved' || (row.partnerRetryAt?.getTime() ?? 0) > ctx.clock.now()) continue;
    try {
      if (await goOn(ctx, row.id)) ended += 1;
    } catch (error) {
      if (!(error instanceof PeerError)) throw error;
      ctx.logger.info({ connection: row.uid, code: error.code }, 'rotation of a channel key waits for the partner');
    }
  }
  return ended;
}

/** Stores the proposal before it is sent; one that is under way stays. */
async function propose(ctx: ServiceContext, id: string, by: string): Promise<void> {
  const row = await findConnection(ctx.db, id);
  if (row.channelKey === null || row.type === 'local') throw noChannel(row.type === 'local');
  if (row.hold === 'moved') throw movedNode();
  const state = openRekey(ctx, row);
  if (state?.stage === 'proposed' || state?.stage === 'switched') return;
  if (state?.stage === 'answered') throw partnersTurn();
  if (row.previousKeyUntil !== null && row.previousKeyUntil.getTime() > ctx.clock.now())
    throw justDone(row.previousKeyUntil);

  const privateBytes = randomBytes(32);
  const proposed: RekeyState = {
    stage: 'proposed',
    key: x25519PublicKey(privateBytes),
    atMs: ctx.clock.now(),
    privateKey: privateBytes.toString('base64url'),
    by,
  };
  await ctx.db.$transaction(async (tx) => {
    // Of two clicks at once the first one counts, and both go on with it.
    if (!(await replaceRekey(tx, ctx, row, proposed))) return;
    await tx.auditEntry.create({ data: { actor: by, verb: 'connection.rotate_key', target: id } });
  });
  await ctx.wake.pages({ kind: 'connection', id });
}

/** Takes what steps are left. true at the end, false when the partner's own rotation came first. Throws PeerError. */
async function goOn(ctx: ServiceContext, id: string): Promise<boolean> {
  for (;;) {
    const row = await ctx.db.connection.findUnique({ where: { id } });
    const state = row === null ? null : openRekey(ctx, row);
    if (row === null || state === null || state.stage === 'used') return true;
    if (state.stage === 'answered') return false;
    if (state.stage === 'proposed') await switchOver(ctx, row, state);
    else await tellToUse(ctx, row, state);
  }
}

async function switchOver(
  ctx: ServiceContext,
  row: Connection,
  state: Extract<RekeyState, { stage: 'proposed' }>,
): Promise<void> {
  const { key: presentKey, connectionUid, selfUid, partnerUid } = channelTarget(ctx, row);
  const { key, atMs } = state;
  const proof = rekeyProof(presentKey, connectionUid, { key, atMs });
  const answer = await askPartner(ctx, row, { kind: 'rekey', key, atMs, proof }, rekeyAnswerSchema).catch(
    async (error: unknown) => {
      // A partner that does not know this question never will; nothing has changed on either side.
      if (error instanceof PeerError && isUnknownThere(error)) await replaceRekey(ctx.db, ctx, row, null);
      throw error;
    },
  );
  const transcript = {
    connectionUid,
    proposerUid: selfUid,
    answererUid: partnerUid,
    proposerKey: key,
    answererKey: answer.key,
  };
  const nextKey = confirmed(answer, (answererKey) =>
    deriveNextKey({
      privateBytes: Buffer.from(state.privateKey, 'base64url'),
      otherKey: answererKey,
      presentKey,
      transcript,
    }),
  );
  if (nextKey === null || !sameProof(rekeyConfirmation('answer', nextKey, transcript), answer.confirm))
    throw new PeerError('refused', {
      message: 'The partner could not prove that it has the same new key.',
      reason: 'rekey_not_confirmed',
    });
  const confirm = rekeyConfirmation('use', nextKey, transcript);
  await replaceRekey(
    ctx.db,
    ctx,
    row,
    { stage: 'switched', key, confirm, by: state.by },
    {
      channelKey: ctx.secrets.seal(nextKey, channelKeyPlace(row.id)),
      channelKeySince: new Date(ctx.clock.now()),
      previousKey: ctx.secrets.seal(presentKey, previousKeyPlace(row.id)),
      previousKeyUntil: null,
    },
  );
}

function confirmed(answer: RekeyAnswer, derive: (answererKey: string) => string): string | null {
  try {
    return derive(answer.key);
  } catch {
    return null;
  }
}

async function tellToUse(
  ctx: ServiceContext,
  row: Connection,
  { key, confirm, by }: Extract<RekeyState, { stage: 'switched' }>,
): Promise<void> {
  await askPartner(ctx, row, { kind: 'rekey_use', key, confirm }, doneSchema);
  await ctx.db.$transaction(async (tx) => {
    const previousKeyUntil = new Date(ctx.clock.now() + PREVIOUS_KEY_MS);
    if (!(await replaceRekey(tx, ctx, row, null, { previousKeyUntil }))) return;
    await tx.auditEntry.create({ data: { actor: by, verb: 'connection.key_rotated', target: row.id } });
  });
  await ctx.wake.pages({ kind: 'connection', id: row.id });
}

/** An older node refuses a question that it cannot read. */
function isUnknownThere(error: PeerError): boolean {
  return error.code === 'refused' && error.reason === 'invalid_request';
}

function noChannel(local: boolean): ServiceError {
  return new ServiceError('conflict', {
    summary: 'This connection has no key.',
    why: local ? 'Both ends of a local connection are in this node.' : 'The other side has not accepted yet.',
    remedy: local ? 'There is nothing to rotate.' : 'Wait until it is accepted: the key is agreed on then.',
  });
}

function movedNode(): ServiceError {
  return new ServiceError('conflict', {
    summary: 'This node says nothing to its partners at the moment.',
    why: 'It runs under another Exalate URL than before, and nobody has said yet whether it was moved or copied.',
    remedy: 'Answer the question at the top of the page, then rotate the key.',
  });
}

function partnersTurn(): ServiceError {
  return new ServiceError('conflict', {
    summary: 'The partner is rotating the key already.',
    why: 'Its rotation has begun and is not finished; the old and the new key are both accepted until it is.',
    remedy:
      'Wait: it goes on as soon as both nodes reach each other. If it does not, rotate the key on the partner’s side.',
  });
}

function justDone(until: Date): ServiceError {
  const time = until.toISOString().slice(11, 16);
  return new ServiceError('conflict', {
    summary: 'The key was rotated a moment ago.',
    why: `The key before is accepted until ${time} UTC, for what was under way.`,
    remedy: 'Nothing has to be done. Another rotation is possible after that.',
  });
}

function olderPartner(cause: PeerError): ServiceError {
  return new ServiceError('partner_refused', {
    summary: 'The partner does not know how to rotate the key.',
    why: 'Its node runs an older version; the key was not changed.',
    remedy: 'Let its administrator update that node, then rotate the key.',
    cause,
  });
}
