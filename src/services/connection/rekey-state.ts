/** How far the rotation of a channel key is on this end. Each change replaces exactly the state that was read, or does nothing. */
import { z } from 'zod';
import type { Connection, ServiceContext } from '../context.ts';
import { previousKeyPlace } from './channel-target.ts';

/** How long the old key is accepted once both ends use the new one: for requests that were signed, or begun, before. */
export const PREVIOUS_KEY_MS = 10 * 60_000;

const rekeySchema = z.discriminatedUnion('stage', [
  /** Proposer: waits for the answer. Both ends use the old key. */
  z.object({ stage: z.literal('proposed'), key: z.string(), atMs: z.number(), privateKey: z.string(), by: z.string() }),
  /** Proposer: signs with the new key; the partner has yet to be told to. */
  z.object({ stage: z.literal('switched'), key: z.string(), confirm: z.string(), by: z.string() }),
  /** Answerer: signs with the old key, takes both. */
  z.object({
    stage: z.literal('answered'),
    key: z.string(),
    atMs: z.number(),
    nextKey: z.string(),
    reply: z.object({ key: z.string(), confirm: z.string() }),
    /** What the proposer will prove itself with. */
    confirm: z.string(),
  }),
  /** Answerer: signs with the new key. Kept so that a question whose answer was lost gets it again. */
  z.object({ stage: z.literal('used'), key: z.string(), confirm: z.string() }),
]);
export type RekeyState = z.infer<typeof rekeySchema>;

/** Where a sealed state belongs; it cannot be opened elsewhere. */
export function rekeyPlace(connectionId: string): string {
  return `connection/rekey/${connectionId}`;
}

type RekeyRow = Pick<Connection, 'id' | 'rekey'>;

export function openRekey(ctx: ServiceContext, row: RekeyRow): RekeyState | null {
  return row.rekey === null ? null : rekeySchema.parse(JSON.parse(ctx.secrets.open(row.rekey, rekeyPlace(row.id))));
}

/** Puts `next` in the place of the state that `row` was read with, together with `columns`; false when that is another one by now. */
export async function replaceRekey(
  db: Pick<ServiceContext['db'], 'connection'>,
  ctx: ServiceContext,
  row: RekeyRow & Pick<Connection, 'channelKey'>,
  next: RekeyState | null,
  columns: Partial<Pick<Connection, 'channelKey' | 'channelKeySince' | 'previousKey' | 'previousKeyUntil'>> = {},
): Promise<boolean> {
  const rekey = next === null ? null : ctx.secrets.seal(JSON.stringify(next), rekeyPlace(row.id));
  const { count } = await db.connection.updateMany({
    // The key as well: between two rotations there is no state that could tell that one is over.
    where: { id: row.id, rekey: row.rekey, channelKey: row.channelKey },
    data: { ...columns, rekey },
  });
  return count === 1;
}

/** Keys that the partner may sign with beside the present one: the one before, and one that it may already use. */
export function otherKeys(ctx: ServiceContext, row: Connection): string[] {
  const state = openRekey(ctx, row);
  return [
    ...(state?.stage === 'answered' ? [state.nextKey] : []),
    ...(row.previousKey !== null && (row.previousKeyUntil === null || row.previousKeyUntil.getTime() > ctx.clock.now())
      ? [ctx.secrets.open(row.previousKey, previousKeyPlace(row.id))]
      : []),
  ];
}

export interface ChannelKeyState {
  /** Since when the present key is used; null: since the handshake. */
  since: Date | null;
  /** A rotation has begun and goes on by itself as soon as both nodes reach each other; `partner`: it began there. */
  underWay: 'here' | 'partner' | null;
  /** Until when the key before is accepted, so that no other rotation can begin. */
  previousUntil: Date | null;
}

/** What a page may show of the key. null without one. */
export function channelKeyState(ctx: ServiceContext, row: Connection): ChannelKeyState | null {
  if (row.channelKey === null) return null;
  const stage = openRekey(ctx, row)?.stage;
  const until = row.previousKey === null ? null : row.previousKeyUntil;
  return {
    since: row.channelKeySince,
    underWay: stage === 'answered' ? 'partner' : stage === 'proposed' || stage === 'switched' ? 'here' : null,
    previousUntil: until !== null && until.getTime() > ctx.clock.now() ? until : null,
  };
}
