/**
 * After a start a node asks each partner what it has seen of their common twins, before any lane runs (C10). When this
 * database was restored from a backup, the partner has seen messages that it does not know of: then the whole state of
 * those twins is taken over first. Without that, copies made since the backup would look like new comments of people.
 */
import { activitySchema, type Activity, doneSchema } from '#/engine/protocol/question.ts';
import type { Connection, ServiceContext } from '../context.ts';
import { PeerError } from '../peer-channel.ts';
import { exclusively } from '../sync/loop-lease.ts';
import { storeBaseline } from '../sync/store-baseline.ts';
import { askPartner } from './ask-partner.ts';
import { askStates } from './ask-states.ts';
import { ownNodeInfo } from './own-node-info.ts';

/** The clocks of two nodes differ by at most two minutes (D2); the rest is for work that was under way at the backup. */
const marginMs = 10 * 60_000;
const statesAtOnce = 20;
/** The connection stands still for so long when a worker is killed in the middle. */
const leaseSeconds = 5;

/** Lets no lane of a connection with a partner node run until {@link checkIn} has released it. For the start of a worker. */
export async function holdForCheckIn(ctx: ServiceContext): Promise<void> {
  await ctx.db.connection.updateMany({
    where: { type: { not: 'local' }, hold: null, status: { not: 'pending' }, channelKey: { not: null } },
    data: { hold: 'check_in' },
  });
}

/** Asks the partners of the connections that are held; gives how many still are. */
export async function checkIn(ctx: ServiceContext): Promise<number> {
  const held = await ctx.db.connection.findMany({ where: { hold: 'check_in' } });
  if (held.length === 0) return 0;
  const left = await Promise.all(
    held.map((connection) =>
      exclusively(ctx, { name: `check-in:${connection.id}`, leaseSeconds }, () => checkInOne(ctx, connection)),
    ),
  );
  return left.filter((done) => done !== true).length;
}

/** Whether the connection is free to work again. */
async function checkInOne(ctx: ServiceContext, connection: Connection): Promise<boolean> {
  try {
    if (connection.type !== 'local' && connection.channelKey !== null) await compare(ctx, connection);
  } catch (error) {
    if (!(error instanceof PeerError)) throw error;
    ctx.logger.info({ connection: connection.uid, code: error.code }, 'partner could not be asked what it has seen');
    // The lanes will meet the same answer and say so.
    if (error.code !== 'connection_gone' && error.code !== 'refused') return false;
  }
  await ctx.db.connection.updateMany({ where: { id: connection.id, hold: 'check_in' }, data: { hold: null } });
  await ctx.wake.pages({ kind: 'connection', id: connection.id });
  return true;
}

async function compare(ctx: ServiceContext, connection: Connection): Promise<void> {
  await askPartner(ctx, connection, { kind: 'node', info: await ownNodeInfo(ctx) }, doneSchema);
  const sinceMs = (await lastActivity(ctx, connection)) - marginMs;
  let taken = 0;
  for (let after: string | null = null; ;) {
    const page: Activity = await askPartner(ctx, connection, { kind: 'activity', sinceMs, after }, activitySchema);
    const older = await olderThan(ctx, connection, page.twins);
    for (let start = 0; start < older.length; start += statesAtOnce) {
      const twins = older.slice(start, start + statesAtOnce);
      for (const snapshot of await askStates(ctx, connection, twins))
        taken += await storeBaseline(ctx, connection, snapshot);
    }
    after = page.next;
    if (after === null) break;
  }
  if (taken === 0) return;
  ctx.logger.warn(
    { connection: connection.uid, twins: taken },
    'this database is older than the partner’s: state is taken over',
  );
  await ctx.db.auditEntry.create({
    data: { actor: 'system', verb: 'connection.restored', target: connection.id, data: { twins: taken } },
  });
}

/** Only what a lane did counts: an admin or a trigger may have begun or ended pairs since this database was restored. */
async function lastActivity(ctx: ServiceContext, connection: Connection): Promise<number> {
  const rows = await ctx.db.$queryRaw<{ at: Date | null }[]>`
    SELECT max(GREATEST("lastSyncInAt", "lastSyncOutAt")) AS at
    FROM twin WHERE "connectionId" = ${connection.id}::uuid`;
  return (rows[0]?.at ?? connection.activatedAt ?? connection.createdAt).getTime();
}

/** Of these twins those of which the partner knows more than this database. What was never told cannot have been forgotten. */
async function olderThan(ctx: ServiceContext, connection: Connection, seen: Activity['twins']): Promise<string[]> {
  const rows = await ctx.db.$queryRaw<{ uid: string }[]>`
    SELECT r.twin AS uid FROM jsonb_to_recordset(${JSON.stringify(seen)}::jsonb)
      AS r(twin uuid, received int, acknowledged int, ended boolean)
    LEFT JOIN twin t ON t."connectionId" = ${connection.id}::uuid AND t.uid = r.twin
    WHERE (t.id IS NULL AND NOT r.ended AND GREATEST(r.received, r.acknowledged) > 0)
      OR (t."endedAt" IS NULL AND (r.received > t."outNumber"
        OR r.acknowledged > GREATEST(t."inNumber", (SELECT max(q.number) FROM sync_request q WHERE q."twinId" = t.id))))
    ORDER BY r.ended DESC, r.twin`;
  return rows.map(({ uid }) => uid);
}
