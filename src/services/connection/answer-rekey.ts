/** The partner rotates the key of the channel: what this end answers. Every question may come twice and gets the same answer. */
import { randomBytes } from 'node:crypto';
import { deriveNextKey, rekeyConfirmation, rekeyProof, sameProof } from '#/engine/connection/channel-rekey.ts';
import { x25519PublicKey } from '#/engine/connection/x25519.ts';
import type { Question, RekeyAnswer } from '#/engine/protocol/question.ts';
import type { Connection, ServiceContext } from '../context.ts';
import { channelKeyPlace, channelTarget, previousKeyPlace } from './channel-target.ts';
import { PartnerRefusal } from './partner-refusal.ts';
import { openRekey, PREVIOUS_KEY_MS, replaceRekey, type RekeyState } from './rekey-state.ts';

const tries = 5;

/** Makes the new key and takes it beside the present one; this end still signs with the present one. Throws PartnerRefusal. */
export async function answerRekey(
  ctx: ServiceContext,
  connectionId: string,
  proposal: Extract<Question, { kind: 'rekey' }>,
): Promise<RekeyAnswer> {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const row = await channelRow(ctx, connectionId);
    const state = openRekey(ctx, row);
    if (state?.stage === 'answered' && state.key === proposal.key) return state.reply;
    const { key: presentKey, connectionUid } = channelTarget(ctx, row);
    if (!sameProof(rekeyProof(presentKey, connectionUid, proposal), proposal.proof)) throw outdated();
    // Both began at once: the initiator's rotation is the one that counts.
    if (state?.stage === 'switched' || (state?.stage === 'proposed' && row.side === 'initiator')) throw ownFirst();
    if (state?.stage === 'answered' && state.atMs >= proposal.atMs) throw outdated();
    const answered = answerTo(ctx, row, presentKey, proposal);
    if (!(await replaceRekey(ctx.db, ctx, row, answered))) continue;
    await ctx.wake.pages({ kind: 'connection', id: row.id });
    return answered.reply;
  }
  throw ownFirst();
}

/** The partner signs with the new key: from now on this end does too. Throws PartnerRefusal. */
export async function answerRekeyUse(
  ctx: ServiceContext,
  connectionId: string,
  { key, confirm }: Extract<Question, { kind: 'rekey_use' }>,
): Promise<{ ok: true }> {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    const row = await channelRow(ctx, connectionId);
    const state = openRekey(ctx, row);
    if (state === null || state.key !== key || !('confirm' in state) || state.stage === 'switched') throw outdated();
    if (!sameProof(state.confirm, confirm)) throw outdated();
    if (state.stage === 'used') return { ok: true };
    const now = ctx.clock.now();
    const done = await ctx.db.$transaction(async (tx) => {
      const replaced = await replaceRekey(
        tx,
        ctx,
        row,
        { stage: 'used', key, confirm },
        {
          channelKey: ctx.secrets.seal(state.nextKey, channelKeyPlace(row.id)),
          channelKeySince: new Date(now),
          previousKey: ctx.secrets.seal(channelTarget(ctx, row).key, previousKeyPlace(row.id)),
          previousKeyUntil: new Date(now + PREVIOUS_KEY_MS),
        },
      );
      if (replaced)
        await tx.auditEntry.create({
          data: { actor: `partner:${row.partnerUid ?? ''}`, verb: 'connection.key_rotated', target: row.id },
        });
      return replaced;
    });
    if (!done) continue;
    await ctx.wake.pages({ kind: 'connection', id: row.id });
    return { ok: true };
  }
  throw ownFirst();
}

async function channelRow(ctx: ServiceContext, id: string): Promise<Connection> {
  const row = await ctx.db.connection.findUnique({ where: { id } });
  if (row === null || row.channelKey === null || row.type === 'local')
    throw new PartnerRefusal(404, 'connection_gone', 'This connection is not known here. It was probably removed.');
  return row;
}

function answerTo(
  ctx: ServiceContext,
  row: Connection,
  presentKey: string,
  { key, atMs }: { key: string; atMs: number },
): Extract<RekeyState, { stage: 'answered' }> {
  const privateBytes = randomBytes(32);
  const transcript = {
    connectionUid: row.uid,
    proposerUid: row.partnerUid ?? '',
    answererUid: ctx.node.instanceUid,
    proposerKey: key,
    answererKey: x25519PublicKey(privateBytes),
  };
  try {
    const nextKey = deriveNextKey({ privateBytes, otherKey: key, presentKey, transcript });
    return {
      stage: 'answered',
      key,
      atMs,
      nextKey,
      reply: { key: transcript.answererKey, confirm: rekeyConfirmation('answer', nextKey, transcript) },
      confirm: rekeyConfirmation('use', nextKey, transcript),
    };
  } catch {
    throw new PartnerRefusal(400, 'invalid_request', 'The public key cannot be used.');
  }
}

function outdated(): PartnerRefusal {
  return new PartnerRefusal(503, 'not_ready', 'This is not the rotation that is under way.', 30);
}

function ownFirst(): PartnerRefusal {
  return new PartnerRefusal(503, 'not_ready', 'This node is rotating the key itself.', 5);
}
