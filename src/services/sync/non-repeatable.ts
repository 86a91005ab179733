/**
 * Writes that make something new in Jira. Jira offers no idempotency key, so an intent is stored before each of them and
 * goes away only together with its result. An intent that is found later belongs to a write of unknown outcome, and the
 * evidence is looked for before anything is written again (C1).
 */
import { TrackerError } from '#/engine/ports.ts';
import type { Intent, Lane } from './lane.ts';
import { saveLane } from './save-twin.ts';

export async function writeOnce<Result>(
  lane: Lane,
  intent: Pick<Intent, 'kind' | 'subject' | 'detail'>,
  write: () => Promise<Result>,
  record: (result: Result) => void,
): Promise<void> {
  const begun: Intent = { ...intent, startedAt: new Date(lane.ctx.clock.now()) };
  await saveLane(lane, { begin: begun });
  lane.intents.push(begun);
  lane.lease.check();
  try {
    record(await write());
  } catch (error) {
    if (error instanceof TrackerError && error.outcome !== 'unknown') {
      endIntent(lane, begun);
      await saveLane(lane);
    }
    throw error;
  }
  endIntent(lane, begun);
}

/** The next save removes the intent; should that save never happen, the evidence in Jira speaks for it. */
export function endIntent(lane: Lane, intent: Pick<Intent, 'kind' | 'subject'>): void {
  lane.intents = lane.intents.filter((open) => open.kind !== intent.kind || open.subject !== intent.subject);
  lane.answered = { kind: intent.kind, subject: intent.subject };
}
