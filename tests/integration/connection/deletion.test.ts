import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { deleteConnection, deletionStep } from '#/services/connection/delete-connection.ts';
import { listConnections } from '#/services/connection/list-connections.ts';
import { setConnectionActive } from '#/services/connection/set-connection-active.ts';
import { confirmMovedNode } from '#/services/node/moved.ts';
import { usePair } from '../../support/pair.ts';
import { waitFor } from '../../support/wait-for.ts';

const pair = usePair({ nodeA: { worker: false } });

it('a connection with many pairs is over at once for everybody, and removed in steps that anybody can go on with', async () => {
  const { ctx, connectionId } = pair.a;
  const twins = Array.from({ length: 1_200 }, (_, n) => ({
    id: randomUUID(),
    uid: randomUUID(),
    connectionId,
    localIssueId: String(50_000 + n),
    exalatedBy: 'admin',
  }));
  await ctx.db.twin.createMany({ data: twins });
  await ctx.db.timelineEntry.createMany({
    data: twins.map(({ id }) => ({ twinId: id, kind: 'exalated', data: {} })),
  });

  const twice = await Promise.allSettled([
    deleteConnection(ctx, { id: connectionId }),
    deleteConnection(ctx, { id: connectionId }),
  ]);
  expect(twice.find(({ status }) => status === 'fulfilled')).toMatchObject({
    value: { partnerTold: true, pairsLeft: 1_200 },
  });
  expect(twice.find(({ status }) => status === 'rejected')).toMatchObject({ reason: { code: 'not_found' } });
  expect(await listConnections(ctx)).toMatchObject([{ id: connectionId, status: 'deleting', underSync: 1_200 }]);
  await expect(setConnectionActive(ctx, { id: connectionId, active: true })).rejects.toMatchObject({
    code: 'not_found',
  });
  await waitFor('the partner to know', async () => {
    const { statusCode } = await pair.b.ctx.db.connection.findFirstOrThrow();
    return statusCode === 'partner_connection_gone';
  });

  // Not even a node that turns out to be a copy switches it on or off again.
  await ctx.db.node.update({ where: { id: 1 }, data: { startedAs: 'http://elsewhere.example' } });
  await confirmMovedNode(ctx, { choice: 'copy' });
  expect(await listConnections(ctx)).toMatchObject([{ status: 'deleting' }]);

  expect(await deletionStep(ctx)).toBe(true);
  expect(await ctx.db.twin.count()).toBeGreaterThan(0);
  while (await Promise.all([deletionStep(ctx), deletionStep(ctx)]).then((went) => went.includes(true)));
  expect([await ctx.db.connection.count(), await ctx.db.twin.count(), await ctx.db.timelineEntry.count()]).toEqual([
    0, 0, 0,
  ]);
});
