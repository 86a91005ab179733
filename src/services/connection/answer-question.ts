/** Answers to what a partner asks about the twins of its connection (C10, verify). */
import {
  ACTIVITY_PAGE,
  type Activity,
  type Digests,
  type Question,
  questionSchema,
  type StatesAnswer,
  type TwinSnapshot,
} from '#/engine/protocol/question.ts';
import type { NodeInfo } from '#/engine/invitation/invitation.ts';
import type { Connection, ServiceContext } from '../context.ts';
import { loadTwin } from '../sync/load-twin.ts';
import type { LoadedTwin } from '../sync/load-twin.ts';
import { entryCount, portion, sizeOf } from '#/engine/replica/delta.ts';
import { tuningOf } from '../sync/tuning.ts';
import { storeBaseline } from '../sync/store-baseline.ts';
import { stateDigest, twinSnapshot } from '../sync/snapshot.ts';
import { answerRekey, answerRekeyUse } from './answer-rekey.ts';
import { PartnerRefusal } from './partner-refusal.ts';
import { wakeFailed } from './partner-health.ts';
import { partnerColumns } from './partner-columns.ts';

export async function answerQuestion(
  ctx: ServiceContext,
  { connection, question }: { connection: Connection; question: unknown },
): Promise<unknown> {
  const parsed = questionSchema.safeParse(question);
  if (!parsed.success) throw new PartnerRefusal(400, 'invalid_request', 'This is not a question of this protocol.');
  return answer(ctx, connection, parsed.data);
}

function answer(ctx: ServiceContext, connection: Connection, question: Question): Promise<unknown> {
  switch (question.kind) {
    case 'activity':
      return activity(ctx, connection, question);
    case 'states':
      return states(ctx, connection, question);
    case 'digests':
      return digests(ctx, connection, question.twins);
    case 'adopt':
      return adopt(ctx, connection, question.states);
    case 'node':
      return meet(ctx, connection, question.info);
    case 'rekey':
      return answerRekey(ctx, connection.id, question);
    case 'rekey_use':
      return answerRekeyUse(ctx, connection.id, question);
  }
}

async function activity(
  ctx: ServiceContext,
  connection: Connection,
  { sinceMs, after }: { sinceMs: number; after: string | null },
): Promise<Activity> {
  const twins = await ctx.db.$queryRaw<Activity['twins']>`
    SELECT t.uid AS twin, t."endedAt" IS NOT NULL AS ended,
      GREATEST(t."inNumber", (SELECT max(r.number) FROM sync_request r WHERE r."twinId" = t.id)) AS received,
      COALESCE((SELECT min(e.number) - 1 FROM sync_event e WHERE e."twinId" = t.id), t."outNumber") AS acknowledged
    FROM twin t
    WHERE t."connectionId" = ${connection.id}::uuid AND (${after}::uuid IS NULL OR t.uid > ${after}::uuid)
      AND GREATEST(t."createdAt", t."lastSyncInAt", t."lastSyncOutAt", t."endedAt") >= ${new Date(sinceMs)}
    ORDER BY t.uid LIMIT ${ACTIVITY_PAGE}`;
  return { twins, next: twins.length < ACTIVITY_PAGE ? null : (twins.at(-1)?.twin ?? null) };
}

async function load(ctx: ServiceContext, connection: Connection, uids: readonly string[]): Promise<LoadedTwin[]> {
  const rows = await ctx.db.twin.findMany({
    where: { connectionId: connection.id, uid: { in: [...uids] } },
    select: { id: true },
  });
  const loaded: LoadedTwin[] = [];
  for (const { id } of rows) {
    const twin = await loadTwin(ctx.db, id);
    if (twin !== null) loaded.push(twin);
  }
  return loaded;
}

/** As many as fit into one answer, and of a twin that is larger than that a portion; where the next answer goes on. */
async function states(
  ctx: ServiceContext,
  connection: Connection,
  { twins, from = 0 }: { twins: readonly string[]; from?: number | undefined },
): Promise<StatesAnswer> {
  const { message: room } = tuningOf(ctx);
  const answered: TwinSnapshot[] = [];
  let bytes = 0;
  for (const [index, uid] of twins.entries()) {
    const [loaded] = await load(ctx, connection, [uid]);
    if (loaded === undefined) continue;
    const snapshot = twinSnapshot(loaded);
    const skipped = index === 0 ? from : 0;
    const delta = portion(snapshot.delta, room, skipped);
    bytes += sizeOf(delta);
    if (answered.length > 0 && bytes > room.bytes)
      return { states: answered, next: { twins: twins.slice(index), from: 0 } };
    answered.push({ ...snapshot, delta });
    const told = skipped + entryCount(delta);
    if (told < entryCount(snapshot.delta)) return { states: answered, next: { twins: twins.slice(index), from: told } };
  }
  return { states: answered };
}

async function digests(ctx: ServiceContext, connection: Connection, uids: readonly string[]): Promise<Digests> {
  const known = new Map((await load(ctx, connection, uids)).map((loaded) => [loaded.twin.uid, loaded]));
  return {
    digests: uids.map((twin) => {
      const loaded = known.get(twin);
      if (loaded === undefined || loaded.twin.endedAt !== null) return { twin, digest: null, quiet: true };
      return { twin, digest: stateDigest(loaded.state), quiet: isQuiet(loaded) };
    }),
  };
}

/** Nothing of this twin is under way here. */
export function isQuiet({ twin, requests, event, intents }: LoadedTwin): boolean {
  return requests.length + intents.length === 0 && event === null && twin.hintedAt === null && twin.leaseUntil === null;
}

/** The digest of a twin of this node, null while something of it is under way. */
export async function answerableDigest(ctx: ServiceContext, twinId: string): Promise<string | null> {
  const loaded = await loadTwin(ctx.db, twinId);
  return loaded === null || !isQuiet(loaded) ? null : stateDigest(loaded.state);
}

/** Taken over by the lanes; merging the same state again changes nothing. */
async function adopt(
  ctx: ServiceContext,
  connection: Connection,
  theirs: readonly TwinSnapshot[],
): Promise<{ ok: true }> {
  for (const snapshot of theirs) await storeBaseline(ctx, connection, snapshot);
  return { ok: true };
}

/** What this node knows of some twins of a connection, in the form in which the partner adopts it. */
export async function ownStates(
  ctx: ServiceContext,
  connection: Connection,
  uids: readonly string[],
): Promise<TwinSnapshot[]> {
  return (await load(ctx, connection, uids)).map(twinSnapshot);
}

/** The partner presents itself after a start: it may have moved, been renamed or updated, and it is there again. */
async function meet(ctx: ServiceContext, connection: Connection, info: NodeInfo): Promise<{ ok: true }> {
  if (info.instanceUid !== connection.partnerUid)
    throw new PartnerRefusal(403, 'invalid_request', 'This is not the node of this connection.');
  const columns = partnerColumns(info);
  const same = columns.partnerUrl === connection.partnerUrl && columns.partnerPollOnly === connection.partnerPollOnly;
  await ctx.db.connection.updateMany({
    where: { id: connection.id },
    data: { ...columns, partnerRetryAt: null, ...(same ? {} : { partnerFailures: 0 }) },
  });
  await wakeFailed(ctx, connection);
  if (!same) await ctx.wake.pages({ kind: 'connection', id: connection.id });
  return { ok: true };
}
