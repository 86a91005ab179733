/** Answers to what a partner asks about the twins of its connection (C10, verify). */
import {
  ACTIVITY_PAGE,
  type Activity,
  type Digests,
  type Question,
  questionSchema,
  type TwinSnapshot,
} from '#/engine/protocol/question.ts';
import type { NodeInfo } from '#/engine/invitation/invitation.ts';
import type { Connection, ServiceContext } from '../context.ts';
import { loadTwin } from '../sync/load-twin.ts';
import type { LoadedTwin } from '../sync/load-twin.ts';
import { stateDigest, twinSnapshot } from '../sync/snapshot.ts';
import { PartnerRefusal } from './partner-refusal.ts';
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
      return states(ctx, connection, question.twins);
    case 'digests':
      return digests(ctx, connection, question.twins);
    case 'resend':
      return resend(ctx, connection, question.twins);
    case 'node':
      return meet(ctx, connection, question.info);
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

async function states(
  ctx: ServiceContext,
  connection: Connection,
  uids: readonly string[],
): Promise<{ states: TwinSnapshot[] }> {
  return { states: (await load(ctx, connection, uids)).map(twinSnapshot) };
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
  return (
    requests.length + intents.length === 0 && event === null && twin.hintedAt === null && twin.leaseUntil === null
  );
}

/** The lane does it: only its owner may change what it knows of the partner. */
async function resend(ctx: ServiceContext, connection: Connection, uids: readonly string[]): Promise<{ ok: true }> {
  await ctx.wake.twins(await orderResend(ctx, connection.id, uids));
  return { ok: true };
}

/** Lets the lanes of these twins send everything once more; gives the twins to wake. */
export async function orderResend(ctx: ServiceContext, connectionId: string, uids: readonly string[]): Promise<string[]> {
  const rows = await ctx.db.$queryRaw<{ id: string }[]>`
    WITH due AS (
      UPDATE twin SET "wakeAt" = now() WHERE "connectionId" = ${connectionId}::uuid AND uid = ANY(${[...uids]}::uuid[])
        AND "endedAt" IS NULL RETURNING id
    ), ordered AS (
      INSERT INTO sync_request (id, "connectionId", "twinId", number, kind, replica)
      SELECT gen_random_uuid(), ${connectionId}::uuid, due.id, 0, 'resend', '{"kind": "resend", "number": 0}'::jsonb FROM due
    )
    SELECT id FROM due`;
  return rows.map(({ id }) => id);
}

/** The partner presents itself; it may have moved, been renamed or updated. */
async function meet(ctx: ServiceContext, connection: Connection, info: NodeInfo): Promise<{ ok: true }> {
  if (info.instanceUid !== connection.partnerUid)
    throw new PartnerRefusal(403, 'invalid_request', 'This is not the node of this connection.');
  const columns = partnerColumns(info);
  const same = columns.partnerUrl === connection.partnerUrl && columns.partnerPollOnly === connection.partnerPollOnly;
  await ctx.db.connection.updateMany({
    where: { id: connection.id },
    data: { ...columns, ...(same ? {} : { partnerFailures: 0, partnerRetryAt: null }) },
  });
  if (!same) await ctx.wake.pages({ kind: 'connection', id: connection.id });
  return { ok: true };
}
