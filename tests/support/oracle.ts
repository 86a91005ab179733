/**
 * The judge of the promise "never a duplicate, never a lost change, never an echo": it compares both Jiras and both
 * databases after everything is quiet, and gives five numbers that must be 0, with the reason for each count.
 *
 * It relies on two rules of the tests: people never act as the proxy user, and every text they write carries a token such
 * as `[c7]` that appears once per issue. So whatever the proxy user wrote is sync's work, and has to be accounted for.
 */
import type { Db } from '#/db/client.ts';
import type { AttachmentTrace, CommentTrace, Twin } from '#/db/models.ts';
import { comparable, withoutAuthorLine } from '#/engine/replica/text.ts';
import type { ControlApi, IssueDump } from '../../simulator/control/api.ts';
import { lostEdits } from './person-edits.ts';

/** One company as the oracle sees it. */
export interface Witness {
  name: string;
  control: ControlApi;
  db: Db;
  jiraUrl: string;
  /** Login of the node's account; `admin` unless given. */
  proxy?: string;
}

export const counts = ['duplicates', 'losses', 'stale', 'echoes', 'orphans'] as const;
export type Count = (typeof counts)[number];

export interface Verdict extends Record<Count, number> {
  /** One line for each thing counted. */
  details: string[];
  /** Pairs of issues, comments and attachments that were compared. */
  compared: { twins: number; comments: number; attachments: number };
}

/** What people did last, for what Jira keeps no history of: the text of a comment by its token, null when deleted. */
export type Expected = ReadonlyMap<string, string | null>;

type Note = (count: Count, detail: string) => void;

interface Side {
  name: string;
  proxy: string;
  /**
   * Comments and files (issue and id) that another pair of the same issue wrote there, by the twins of those pairs: one that
   * ended before, or one of another connection. For the other pairs of the issue they are content like any other.
   */
  inherited: ReadonlyMap<string, ReadonlySet<string>>;
  issues: ReadonlyMap<string, IssueDump>;
  twins: ReadonlyMap<string, LoadedTwin>;
}

type LoadedTwin = Twin & {
  comments: CommentTrace[];
  attachments: AttachmentTrace[];
  connection: { side: string };
};

export async function judge(a: Witness, b: Witness, expected: Expected = new Map()): Promise<Verdict> {
  const details: string[] = [];
  const verdict: Verdict = {
    duplicates: 0,
    losses: 0,
    stale: 0,
    echoes: 0,
    orphans: 0,
    details,
    compared: { twins: 0, comments: 0, attachments: 0 },
  };
  const note: Note = (count, detail) => {
    verdict[count] += 1;
    details.push(`${count}: ${detail}`);
  };
  const [left, right] = [await sideOf(a), await sideOf(b)];
  for (const side of [left, right]) {
    repeatedIssues(side, note);
    for (const issue of side.issues.values()) repeatedTokens(side, issue, note);
  }
  for (const uid of new Set([...left.twins.keys(), ...right.twins.keys()])) {
    pairOf(left, right, uid, { note, expected, compared: verdict.compared });
  }
  for (const lost of await lostEdits([a, b], [...left.twins.values()])) note('losses', lost);
  for (const [witness, side] of [
    [a, left],
    [b, right],
  ] as const)
    await leftovers(witness, side, note);
  return verdict;
}

export function isClean(verdict: Verdict): boolean {
  return counts.every((count) => verdict[count] === 0);
}

/** Whether the node has nothing left to do by itself. */
export async function isQuiet(db: Db): Promise<boolean> {
  const rows = await db.$queryRaw<{ busy: boolean }[]>`
    SELECT EXISTS (SELECT 1 FROM twin WHERE "wakeAt" IS NOT NULL OR "leaseUntil" IS NOT NULL
        OR ("hintedAt" IS NOT NULL AND "endedAt" IS NULL))
      OR EXISTS (SELECT 1 FROM sync_event) OR EXISTS (SELECT 1 FROM sync_request) OR EXISTS (SELECT 1 FROM write_intent)
      OR EXISTS (SELECT 1 FROM sync_error WHERE "resolvedAt" IS NULL AND impact = 'node') AS busy`;
  return rows[0]?.busy === false;
}

async function sideOf(witness: Witness): Promise<Side> {
  const dump = await witness.control.dump({ hashes: true });
  const twins = await witness.db.twin.findMany({
    include: { comments: true, attachments: true, connection: { select: { side: true } } },
  });
  return {
    name: witness.name,
    proxy: witness.proxy ?? 'admin',
    inherited: inheritedFrom(twins),
    issues: new Map(dump.map((issue) => [issue.id, issue])),
    twins: new Map(twins.map((twin) => [twin.uid, twin])),
  };
}

function inheritedFrom(twins: readonly LoadedTwin[]): Map<string, Set<string>> {
  const inherited = new Map<string, Set<string>>();
  for (const twin of twins) {
    for (const { uid, localId } of [...twin.comments, ...twin.attachments]) {
      // What a live pair only read here is not of its making.
      if (twin.endedAt === null && uid.startsWith(`${twin.connection.side}:`)) continue;
      const key = `${twin.localIssueId ?? ''}/${localId ?? ''}`;
      inherited.set(key, (inherited.get(key) ?? new Set()).add(twin.uid));
    }
  }
  return inherited;
}

/** Copies carry the twin's uid as an entity property; two of them, or one that no twin knows, are duplicates. */
function repeatedIssues(side: Side, note: Note): void {
  const copies = new Map<string, IssueDump[]>();
  for (const issue of side.issues.values()) {
    const mark = issue.properties['exalate.twin'];
    const uid = typeof mark === 'object' && mark !== null && 'twin' in mark ? String(mark.twin) : null;
    if (uid === null) {
      if (issue.reporter === side.proxy)
        note('duplicates', `${side.name} ${issue.key} was made by sync without a mark`);
      continue;
    }
    copies.set(uid, [...(copies.get(uid) ?? []), issue]);
  }
  for (const [uid, issues] of copies) {
    for (const extra of issues.filter((issue) => side.twins.get(uid)?.localIssueId !== issue.id)) {
      note('duplicates', `${side.name} ${extra.key} is another copy of twin ${uid}`);
    }
  }
}

const tokenPattern = /\[[a-z]+\d+\]/g;

function repeatedTokens(side: Side, issue: IssueDump, note: Note): void {
  const seen = new Set<string>();
  for (const comment of issue.comments) {
    for (const token of new Set(comment.body.match(tokenPattern))) {
      if (seen.has(token)) note('duplicates', `${side.name} ${issue.key} shows comment ${token} twice`);
      seen.add(token);
    }
  }
}

interface Comparison {
  note: Note;
  expected: Expected;
  compared: Verdict['compared'];
}

function pairOf(left: Side, right: Side, uid: string, comparison: Comparison): void {
  const { note } = comparison;
  const [one, two] = [left.twins.get(uid), right.twins.get(uid)];
  const here = one ?? two;
  if (here === undefined) return;
  const name = `${left.name} ${one?.localIssueKey ?? '?'} = ${right.name} ${two?.localIssueKey ?? '?'}`;
  if ((one?.endedAt ?? null) !== null && (two === undefined || two.endedAt !== null)) return;
  if ((two?.endedAt ?? null) !== null && one === undefined) return;
  if (one === undefined || two === undefined) return note('orphans', `${name}: only one node knows the twin`);
  if ((one.endedAt === null) !== (two.endedAt === null)) return note('orphans', `${name}: ended on one side only`);
  const [first, second] = [left.issues.get(one.localIssueId ?? ''), right.issues.get(two.localIssueId ?? '')];
  if (first === undefined || second === undefined) return note('losses', `${name}: an issue is missing`);
  comparison.compared.twins += 1;
  for (const [side, twin, issue] of [
    [left, one, first],
    [right, two, second],
  ] as const) {
    if (twin.exalatedBy !== 'partner' && issue.reporter === side.proxy && !isCopyOfAnotherConnection(side, twin))
      note('echoes', `${name}: ${issue.key} is itself a copy`);
  }
  for (const field of ['summary', 'description', 'type'] as const) {
    const [x, y] = [comparable(first[field] ?? ''), comparable(second[field] ?? '')];
    if (x !== y) note('stale', `${name}: ${field} is ${JSON.stringify(x)} and ${JSON.stringify(y)}`);
  }
  const ends: [End, End] = [
    { side: left, twin: one, issue: first, origin: originOf(one, left) },
    { side: right, twin: two, issue: second, origin: originOf(two, right) },
  ];
  compareComments(name, ends, comparison);
  compareAttachments(name, ends, comparison);
}

/** Passed on from one connection to the next, as an admin's trigger asked for. */
function isCopyOfAnotherConnection(side: Side, twin: LoadedTwin): boolean {
  return [...side.twins.values()].some(
    (other) =>
      other.localIssueId === twin.localIssueId &&
      other.exalatedBy === 'partner' &&
      other.connectionId !== twin.connectionId,
  );
}

interface End {
  side: Side;
  twin: LoadedTwin;
  issue: IssueDump;
  /** Prefix of the uids of what came into being here. */
  origin: string;
}

function originOf(twin: LoadedTwin, side: Side): string {
  const own = twin.comments.find((trace) => trace.authorLine === null && trace.localId === trace.uid.split(':')[1]);
  return own?.uid.split(':')[0] ?? (side.name.endsWith('A') ? 'initiator' : 'acceptor');
}

function compareComments(name: string, ends: [End, End], { note, expected, compared }: Comparison): void {
  const traces = ends.map((end) => new Map(end.twin.comments.map((trace) => [trace.uid, trace]))) as [
    Map<string, CommentTrace>,
    Map<string, CommentTrace>,
  ];
  for (const [index, end] of ends.entries()) {
    const mapped = new Set(end.twin.comments.map((trace) => trace.localId));
    for (const comment of end.issue.comments.filter(({ id }) => !mapped.has(id))) {
      const what = `${name}: comment ${comment.id} ${JSON.stringify(comment.body)} on ${end.side.name} has no trace`;
      note(comment.author === end.side.proxy ? 'duplicates' : 'losses', what);
    }
    const other = traces[1 - index];
    for (const uid of traces[index]?.keys() ?? []) {
      if (!other?.has(uid)) note('orphans', `${name}: comment ${uid} is known on ${end.side.name} only`);
    }
  }
  for (const [uid, trace] of traces[0]) {
    const twin = traces[1].get(uid);
    if (twin === undefined) continue;
    const [x, y] = [shown(ends[0], trace), shown(ends[1], twin)];
    const origin = ends.find((end) => uid.startsWith(`${end.origin}:`));
    const source = origin?.issue.comments.find(({ id }) => uid === `${origin.origin}:${id}`);
    const inherited = isInherited(origin, source);
    if (isEcho(origin, source)) note('echoes', `${name}: ${uid} was written by sync and sent back`);
    if (x === null && y === null) {
      if (!inherited && (expectedText(expected, trace.body) ?? null) !== null)
        note('losses', `${name}: comment ${uid} is gone on both sides`);
      continue;
    }
    compared.comments += 1;
    if (x === null || y === null)
      note('losses', `${name}: comment ${uid} is missing on ${x === null ? ends[0].side.name : ends[1].side.name}`);
    else if (x !== y) note('stale', `${name}: comment ${uid} is ${JSON.stringify(x)} and ${JSON.stringify(y)}`);
    else if (!inherited) checkExpected(name, x, expected, note);
  }
}

function isInherited(origin: End | undefined, source: { id: string } | undefined): boolean {
  if (origin === undefined || source === undefined) return false;
  const pairs = origin.side.inherited.get(`${origin.issue.id}/${source.id}`) ?? new Set();
  return [...pairs].some((uid) => uid !== origin.twin.uid);
}

/** Sync took its own writing for a person's. */
function isEcho(origin: End | undefined, source: { id: string; author: string | null } | undefined): boolean {
  return source !== undefined && source.author === origin?.side.proxy && !isInherited(origin, source);
}

function shown(end: End, trace: CommentTrace): string | null {
  const comment = end.issue.comments.find(({ id }) => id === trace.localId);
  return comment === undefined ? null : comparable(withoutAuthorLine(trace.authorLine, comment.body));
}

function expectedText(expected: Expected, body: string): string | null | undefined {
  const token = body.match(tokenPattern)?.[0];
  return token === undefined ? undefined : expected.get(token);
}

function checkExpected(name: string, text: string, expected: Expected, note: Note): void {
  const wanted = expectedText(expected, text);
  if (wanted === undefined) return;
  if (wanted === null) note('losses', `${name}: the deletion of ${JSON.stringify(text)} was lost`);
  else if (comparable(wanted) !== text)
    note('losses', `${name}: the edit ${JSON.stringify(wanted)} was lost; there is ${JSON.stringify(text)}`);
}

function compareAttachments(name: string, ends: [End, End], { note, compared }: Comparison): void {
  const traces = ends.map((end) => new Map(end.twin.attachments.map((trace) => [trace.uid, trace])));
  for (const [index, end] of ends.entries()) {
    const mapped = new Set(end.twin.attachments.map((trace) => trace.localId));
    for (const file of end.issue.attachments.filter(({ id }) => !mapped.has(id))) {
      const what = `${name}: attachment ${file.id} "${file.filename}" on ${end.side.name} has no trace`;
      note(file.author === end.side.proxy ? 'duplicates' : 'losses', what);
    }
    for (const uid of traces[index]?.keys() ?? []) {
      if (!traces[1 - index]?.has(uid)) note('orphans', `${name}: attachment ${uid} is known on ${end.side.name} only`);
    }
  }
  for (const [uid, trace] of traces[0] ?? []) {
    const twin = traces[1]?.get(uid);
    if (twin === undefined) continue;
    const [x, y] = [ends[0].issue.attachments, ends[1].issue.attachments].map((files, index) =>
      files.find(({ id }) => id === (index === 0 ? trace : twin).localId),
    );
    const origin = ends.find((end) => uid.startsWith(`${end.origin}:`));
    const source = origin?.issue.attachments.find(({ id }) => uid === `${origin.origin}:${id}`);
    if (isEcho(origin, source)) note('echoes', `${name}: file ${uid} was uploaded by sync and sent back`);
    if (x === undefined && y === undefined) {
      if (!trace.deleted || !twin.deleted)
        note('orphans', `${name}: attachment ${uid} is on neither side, and not deleted`);
      continue;
    }
    compared.attachments += 1;
    if (x === undefined || y === undefined)
      note('losses', `${name}: attachment ${uid} "${trace.filename}" is missing on one side`);
    else if (x.sha256 !== y.sha256 || x.filename !== y.filename) note('stale', `${name}: attachment ${uid} differs`);
  }
}

/** What must be gone when everything is quiet: intents, messages, leases, open errors. */
async function leftovers({ db }: Witness, side: Side, note: Note): Promise<void> {
  const rows = await db.$queryRaw<{ what: string; detail: string }[]>`
    SELECT 'write intent' AS what, kind || ' ' || subject AS detail FROM write_intent
    UNION ALL SELECT 'sync event', kind || ' ' || number FROM sync_event
    UNION ALL SELECT 'sync request', kind || ' ' || number FROM sync_request
    UNION ALL SELECT 'lane', coalesce("localIssueKey", uid::text) FROM twin
      WHERE "leaseUntil" IS NOT NULL OR "wakeAt" IS NOT NULL OR ("hintedAt" IS NOT NULL AND "endedAt" IS NULL)
    UNION ALL SELECT 'twin that says ' || status, coalesce("localIssueKey", uid::text) FROM twin
      WHERE "endedAt" IS NULL AND status <> 'synchronized'
    UNION ALL SELECT 'connection ' || status, coalesce("statusCode", hold, '') FROM connection WHERE status <> 'active' OR hold IS NOT NULL
    UNION ALL SELECT 'open error', code || ': ' || detail FROM sync_error WHERE "resolvedAt" IS NULL`;
  for (const { what, detail } of rows) note('orphans', `${side.name}: ${what} left over: ${detail}`);
}
