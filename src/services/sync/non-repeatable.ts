/**
 * Writes to Jira whose outcome must be known before anything else is done. Jira offers no idempotency key, so an intent is
 * stored before each of them and goes away only together with its result. An intent that is found later belongs to a write
 * of unknown outcome, and the evidence is looked for first (C1): what was made must not be made again, and a text that sync
 * wrote must not be taken for one that a person wrote (C3).
 */
import { TrackerError } from '#/engine/ports.ts';
import type { Intent, Lane } from './lane.ts';
import { Later } from './later.ts';
import { saveLane } from './save-twin.ts';
import { passCrashPoint } from './tuning.ts';

type NewIntent = Pick<Intent, 'kind' | 'subject' | 'detail'>;

export async function writeOnce<Result>(
  lane: Lane,
  intent: NewIntent,
  write: () => Promise<Result>,
  record: (result: Result) => void,
): Promise<void> {
  record(await writeOpenly(lane, intent, write));
  endIntent(lane, intent);
  passCrashPoint(lane.ctx, 'recorded', lane.twinId);
}

/** Leaves the intent open after a success: the caller ends it together with what it learns of the result. */
export async function writeOpenly<Result>(
  lane: Lane,
  intent: NewIntent,
  write: () => Promise<Result>,
): Promise<Result> {
  passCrashPoint(lane.ctx, 'before intent', lane.twinId);
  const begun: Intent = { ...intent, startedAt: new Date(lane.ctx.clock.now()) };
  const { mayWrite } = await saveLane(lane, { begin: begun });
  if (!mayWrite) throw new Later(begun.startedAt, 'the pair or its connection has ended or was switched off meanwhile');
  lane.intents.push(begun);
  passCrashPoint(lane.ctx, 'intent stored', lane.twinId);
  try {
    const result = await write();
    passCrashPoint(lane.ctx, 'written', lane.twinId);
    return result;
  } catch (error) {
    if (error instanceof TrackerError && error.outcome !== 'unknown') {
      endIntent(lane, begun);
      await saveLane(lane);
    }
    throw error;
  }
}

/** The next save removes the intent; should that save never happen, the evidence in Jira speaks for it. */
export function endIntent(lane: Lane, intent: Pick<Intent, 'kind' | 'subject'>): void {
  lane.intents = lane.intents.filter((open) => open.kind !== intent.kind || open.subject !== intent.subject);
  lane.answered = { kind: intent.kind, subject: intent.subject };
}
