/** Reading the local issue and taking in what people have changed there. */
import { setTimeout as sleep } from 'node:timers/promises';
import { TrackerError } from '#/engine/ports.ts';
import type { TrackerIssue } from '#/engine/ports.ts';
import { observe } from '#/engine/replica/observe.ts';
import { readBack } from '#/engine/replica/read-back.ts';
import type { Written } from '#/engine/replica/read-back.ts';
import type { FieldName, FieldState } from '#/engine/replica/state.ts';
import { fieldNames } from '#/engine/replica/state.ts';
import { followProjectKey } from '../connection/follow-project-key.ts';
import { takeInExisting } from '../twin/connect-lane.ts';
import { noteOverwritten } from './lane.ts';
import type { Intent, Lane } from './lane.ts';
import { endIntent } from './non-repeatable.ts';
import { endBecauseRemoved, requireProjectVisible } from './removed-issue.ts';
import { hiddenComments } from './vanished-comments.ts';

/** Edits come in bursts, and Jira tells of one comment twice: one read answers all hints of this span. */
const burstMs = 120;

/**
 * The issue as it is now, or null when it is gone and the twin has ended. `written` is what sync has just written there;
 * `edit` the intent of that write, which ends with this look. What was seen is stored by the next save.
 */
export async function look(
  lane: Lane,
  written: ReadonlyMap<FieldName, Written> = new Map(),
  edit: Pick<Intent, 'kind' | 'subject'> | null = null,
): Promise<TrackerIssue | null> {
  const { ctx, twin } = lane;
  const id = twin.localIssueId;
  if (id === null) return null;
  await (written.size > 0 ? ownHints(lane) : freshHint(lane));
  const first = lane.state.fields.summary === undefined;
  let issue: TrackerIssue;
  try {
    issue = await ctx.jira().readIssue(id, { changelog: !first });
  } catch (error) {
    if (error instanceof TrackerError && error.code === 'not_found') {
      await endBecauseRemoved(lane, error);
      return null;
    }
    if (error instanceof TrackerError && error.code === 'forbidden') await requireProjectVisible(lane, error);
    throw error;
  }
  const before = lane.state;
  await takeIn(lane, issue, written);
  if (first)
    await takeInExisting(lane, issue).catch((error: unknown) => {
      // It is compared as a whole, or is still to be seen for the first time.
      lane.state = before;
      throw error;
    });
  if (edit !== null) endIntent(lane, edit);
  if (issue.projectId === lane.connection.projectId) await followProjectKey(ctx, lane.connection, issue.projectKey);
  twin.localIssueKey = issue.key;
  twin.localProjectKey = issue.projectKey;
  twin.localUpdatedAt = new Date(issue.updatedMs);
  twin.localReadAt = new Date(issue.readAtMs ?? issue.updatedMs);
  lane.hintAnswered = true;
  return issue;
}

/** Only while no write of unknown outcome is open: a copy without a trace would be taken for something that a person made. */
export async function takeIn(lane: Lane, issue: TrackerIssue, written: ReadonlyMap<FieldName, Written>): Promise<void> {
  const hidden = await hiddenComments(lane, issue);
  const fields: Partial<Record<FieldName, FieldState>> = { ...lane.state.fields };
  for (const name of fieldNames) {
    const known = fields[name];
    const wrote = written.get(name);
    if (known === undefined || wrote === undefined) continue;
    const result = readBack(known, name, wrote, issue, lane.state.side);
    fields[name] = result.field;
    noteOverwritten(lane, result.overwritten);
  }
  const observation = observe({ ...lane.state, fields }, issue, hidden);
  noteOverwritten(lane, observation.overwritten);
  lane.state = observation.state;
}

/** Waits until a burst of hints is over and remembers the newest: a read that starts now answers it. */
async function freshHint(lane: Lane): Promise<void> {
  const { hintedAt, ageMs } = await newestHint(lane);
  lane.hint = hintedAt;
  if (ageMs === null || ageMs >= burstMs) return;
  await sleep(burstMs - Math.max(0, ageMs));
  lane.hint = (await newestHint(lane)).hintedAt;
}

/** Jira hints at what sync itself has just written: one read answers that as well. */
async function ownHints(lane: Lane): Promise<void> {
  await sleep(burstMs);
  lane.hint = (await newestHint(lane)).hintedAt;
}

async function newestHint({ ctx, twinId }: Lane): Promise<{ hintedAt: Date | null; ageMs: number | null }> {
  const rows = await ctx.db.$queryRaw<{ hintedAt: Date | null; ageMs: number | null }[]>`
    SELECT "hintedAt", (extract(epoch FROM now() - "hintedAt") * 1000)::float8 AS "ageMs" FROM twin WHERE id = ${twinId}::uuid`;
  return rows[0] ?? { hintedAt: null, ageMs: null };
}
