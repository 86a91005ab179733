import { z } from 'zod';
import { type StatesAnswer, statesSchema, type TwinSnapshot, twinSnapshotSchema } from '#/engine/protocol/question.ts';
import type { Connection, ServiceContext } from '../context.ts';
import { askPartner } from './ask-partner.ts';

/**
 * What the partner knows of these twins, of each all of it, however many answers that takes: beside half a state the other half
 * would look like something that people have made. A twin whose state cannot be read is left out. Throws PeerError.
 */
export async function askStates(
  ctx: ServiceContext,
  connection: Connection,
  twins: readonly string[],
): Promise<TwinSnapshot[]> {
  const snapshots = new Map<string, TwinSnapshot>();
  const unreadable = new Set<string>();
  for (let next: StatesAnswer['next'] = { twins: [...twins], from: 0 }; next !== undefined;) {
    const answer: StatesAnswer = await askPartner(ctx, connection, { kind: 'states', ...next }, statesSchema);
    for (const state of answer.states) {
      const { success, data, error } = twinSnapshotSchema.safeParse(state);
      if (success) snapshots.set(data.twin, joined(snapshots.get(data.twin), data));
      else {
        ctx.logger.error({ connection: connection.uid, err: error }, 'state of a twin cannot be read');
        unreadable.add(z.object({ twin: z.string() }).catch({ twin: '' }).parse(state).twin);
      }
    }
    next = answer.next;
  }
  return [...snapshots.values()].filter(({ twin }) => !unreadable.has(twin));
}

/** What changed between two answers is in both; merging takes the newer one. */
function joined(known: TwinSnapshot | undefined, more: TwinSnapshot): TwinSnapshot {
  if (known === undefined) return more;
  return {
    ...more,
    delta: {
      fields: { ...known.delta.fields, ...more.delta.fields },
      comments: [...known.delta.comments, ...more.delta.comments],
      attachments: [...known.delta.attachments, ...more.delta.attachments],
    },
  };
}
