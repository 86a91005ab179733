/**
 * Comments that Jira does not accept: too long together with the line that names the author, or empty without it. Each stops
 * itself alone. They are tried again whenever there is work on the twin, so that a change or a retry mends them.
 */
import { Fault } from '#/engine/fault/faults.ts';
import { saidByJira } from '#/engine/fault/tracker-fault.ts';
import { oneLine } from '#/engine/notification/one-line.ts';
import { TrackerError } from '#/engine/ports.ts';
import type { Plan } from '#/engine/replica/plan.ts';
import { plan, settle } from '#/engine/replica/plan.ts';
import type { CommentEntry } from '#/engine/replica/state.ts';
import type { Lane } from './lane.ts';

/** Does what `write` does for one comment; that Jira refuses its text is noted, and no failure of anything else. */
export async function unlessRefused(lane: Lane, comment: CommentEntry, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!(error instanceof TrackerError) || error.code !== 'invalid') throw error;
    const { authorName, createdMs, body, uid } = comment;
    const at = `${new Date(createdMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
    const text = body.trim() === '' ? 'no text' : `"${oneLine(body, 60)}"`;
    lane.refused.set(uid, `The comment of ${oneLine(authorName)} of ${at} (${text}): ${saidByJira(error)}`);
  }
}

/** What Jira still has to be told, but for what it has just refused. */
export function workLeft(lane: Lane): Plan {
  const work = plan(settle(lane.state));
  const open = ({ uid }: CommentEntry): boolean => !lane.refused.has(uid);
  return { ...work, addComments: work.addComments.filter(open), editComments: work.editComments.filter(open) };
}

/** The error that names all of them; null when there are none. */
export function refusedComments(lane: Lane): Fault | null {
  if (lane.refused.size === 0) return null;
  return new Fault('comment_refused', [...lane.refused.values()].join('\n').slice(0, 2000));
}
