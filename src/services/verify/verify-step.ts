/**
 * One step of a verification: some twins in the order of their ids, compared with the own Jira and with what the partner
 * knows. What differs is written down and put in order: the own issue is read again, or both nodes send everything anew.
 */
import { type Digests, digestsSchema, doneSchema, type TwinSnapshot } from '#/engine/protocol/question.ts';
import type { SearchContent } from '#/engine/ports.ts';
import { TrackerError } from '#/engine/ports.ts';
import { shownDifference } from '#/engine/replica/compare.ts';
import { sizeOf } from '#/engine/replica/delta.ts';
import { answerableDigest, isQuiet, ownStates } from '../connection/answer-question.ts';
import { askPartner } from '../connection/ask-partner.ts';
import { askStates } from '../connection/ask-states.ts';
import type { Connection, ServiceContext } from '../context.ts';
import { PeerError } from '../peer-channel.ts';
import { hintIssues } from '../sync/hints.ts';
import { loadTwin } from '../sync/load-twin.ts';
import type { LoadedTwin } from '../sync/load-twin.ts';
import { exclusively } from '../sync/loop-lease.ts';
import { storeBaseline } from '../sync/store-baseline.ts';
import { tuningOf } from '../sync/tuning.ts';
import { showIssues, twinsAfter } from '../sync/twins-in-order.ts';
import type { DifferenceKind } from './verify-status.ts';

const atOnce = 50;
/** So many twins further, open pages show it. */
const shownEvery = 500;

interface Difference {
  twinId: string;
  kind: DifferenceKind;
  detail: string;
}

interface Outcome {
  differences: Difference[];
  skipped: number;
  note: string | null;
}

/** Whether a run is under way and has more to do. Throws TrackerError while the own Jira does not answer; nothing is lost. */
export async function verifyStep(ctx: ServiceContext): Promise<boolean> {
  // Asked without the lease, which would be two writes each time for nothing.
  if ((await ctx.db.verifyRun.count({ where: { state: 'running' } })) === 0) return false;
  const more = await exclusively(ctx, { name: 'verify', leaseSeconds: 120 }, async () => {
    const run = await ctx.db.verifyRun.findFirst({ where: { state: 'running' } });
    if (run === null) return false;
    const twins = await twinsAfter(ctx, run.cursor, atOnce);
    const { differences, skipped, note } = await compare(ctx, twins);
    const over = twins.length < atOnce;
    await ctx.db.$transaction([
      ctx.db.verifyDifference.createMany({
        data: differences.map((difference) => ({ ...difference, runId: run.id })),
        skipDuplicates: true,
      }),
      ctx.db.verifyRun.update({
        where: { id: run.id },
        data: {
          cursor: twins.at(-1)?.twin.id ?? run.cursor,
          checked: { increment: twins.length - skipped },
          skipped: { increment: skipped },
          differences: { increment: differences.length },
          ...(note === null ? {} : { note }),
          ...(over ? { state: 'done', endedAt: new Date(ctx.clock.now()) } : {}),
        },
      }),
    ]);
    if (over || differences.length > 0 || run.checked % shownEvery < atOnce) await ctx.wake.pages({ kind: 'node' });
    return !over;
  });
  return more ?? false;
}

async function compare(ctx: ServiceContext, twins: readonly LoadedTwin[]): Promise<Outcome> {
  const idle = twins.filter(isQuiet);
  const local = await compareWithJira(ctx, idle);
  const different = new Set(local.map(({ twinId }) => twinId));
  const outcome: Outcome = { differences: local, skipped: twins.length - idle.length, note: null };
  const byConnection = Map.groupBy(
    idle.filter(({ twin }) => !different.has(twin.id)),
    ({ connection }) => connection.id,
  );
  for (const group of byConnection.values()) {
    const [first] = group;
    if (first === undefined) continue;
    const found = await compareWithPartner(ctx, first.connection, group);
    outcome.differences.push(...found.differences);
    outcome.skipped += found.skipped;
    outcome.note ??= found.note;
  }
  return outcome;
}

async function compareWithJira(ctx: ServiceContext, twins: readonly LoadedTwin[]): Promise<Difference[]> {
  const shown = await showIssues(ctx, twins);
  const differences: Difference[] = [];
  for (const loaded of twins) {
    const id = loaded.twin.localIssueId ?? '';
    const content = shown.get(id)?.content ?? null;
    if (content !== null && shownDifference(loaded.state, content) === null) continue;
    const detail = await readDifference(ctx, loaded);
    if (detail === null) continue;
    differences.push({ twinId: loaded.twin.id, kind: 'local', detail });
    await hintIssues(ctx, [id]);
  }
  return differences;
}

/** What a search says may lag behind; the issue itself decides, compared with what is known now. */
async function readDifference(ctx: ServiceContext, loaded: LoadedTwin): Promise<string | null> {
  try {
    const issue = await ctx.jira().readIssue(loaded.twin.localIssueId ?? '');
    const content: SearchContent = { ...issue, issueType: issue.issueType.name };
    const now = await loadTwin(ctx.db, loaded.twin.id);
    return now === null || !isQuiet(now) ? null : shownDifference(now.state, content);
  } catch (error) {
    if (error instanceof TrackerError && error.code === 'not_found') return 'The issue is not there, or not visible.';
    throw error;
  }
}

async function compareWithPartner(
  ctx: ServiceContext,
  connection: Connection,
  twins: readonly LoadedTwin[],
): Promise<Outcome> {
  const uids = twins.map(({ twin }) => twin.uid);
  let theirs: Digests;
  try {
    theirs = await askPartner(ctx, connection, { kind: 'digests', twins: uids }, digestsSchema);
  } catch (error) {
    if (!(error instanceof PeerError)) throw error;
    return { differences: [], skipped: twins.length, note: `"${connection.name}": the partner could not be asked.` };
  }
  const answers = new Map(theirs.digests.map((digest) => [digest.twin, digest]));
  const outcome: Outcome = { differences: [], skipped: 0, note: null };
  const different: string[] = [];
  for (const { twin } of twins) {
    const answer = answers.get(twin.uid);
    const own = await answerableDigest(ctx, twin.id);
    if (own === null || answer === undefined || !answer.quiet) outcome.skipped += 1;
    else if (answer.digest !== own) {
      different.push(twin.uid);
      outcome.differences.push(
        answer.digest === null
          ? { twinId: twin.id, kind: 'missing', detail: 'The partner does not have this issue under sync.' }
          : { twinId: twin.id, kind: 'partner', detail: 'The two nodes do not know the same of this issue.' },
      );
    }
  }
  if (different.length > 0) await heal(ctx, connection, different);
  return outcome;
}

/** Each side takes over what the other one knows; merging makes it the same on both. */
async function heal(ctx: ServiceContext, connection: Connection, twins: string[]): Promise<void> {
  try {
    const own = await ownStates(ctx, connection, twins);
    for (const snapshot of await askStates(ctx, connection, twins)) await storeBaseline(ctx, connection, snapshot);
    for (const states of groups(own, tuningOf(ctx).message.bytes)) await offer(ctx, connection, states);
  } catch (error) {
    noteNotAsked(ctx, connection, error);
  }
}

/** One that is too large for any question keeps no other from being taken over. */
async function offer(ctx: ServiceContext, connection: Connection, states: TwinSnapshot[]): Promise<void> {
  try {
    await askPartner(ctx, connection, { kind: 'adopt', states }, doneSchema);
  } catch (error) {
    noteNotAsked(ctx, connection, error);
  }
}

function noteNotAsked(ctx: ServiceContext, connection: Connection, error: unknown): void {
  if (!(error instanceof PeerError)) throw error;
  ctx.logger.info({ connection: connection.uid, code: error.code }, 'partner could not be asked to take over');
}

/** In order, each of at most so many bytes or of one state. */
function groups(states: readonly TwinSnapshot[], mostBytes: number): TwinSnapshot[][] {
  const all: TwinSnapshot[][] = [];
  let bytes = Infinity;
  for (const state of states) {
    bytes += sizeOf(state);
    if (bytes > mostBytes) {
      all.push([]);
      bytes = sizeOf(state);
    }
    all.at(-1)?.push(state);
  }
  return all;
}
