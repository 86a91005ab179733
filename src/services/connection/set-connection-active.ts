import { z } from 'zod';
import { statesBefore } from '#/engine/connection/status.ts';
import type { ServiceContext } from '../context.ts';
import { clearFaults } from '../error/record-fault.ts';
import { ServiceError } from '../errors.ts';
import { findConnection } from './find-connection.ts';
import { parseInput } from './parse-input.ts';
import { requireAdmin } from './require-admin.ts';
import { tellPartner } from './tell-partner.ts';
import { makeTwinsDue, wakeTwins } from './wake-twins.ts';

const inputSchema = z.object({ id: z.uuid(), active: z.boolean() });

/**
 * Deactivates or activates this end (both ends of a local connection). Changes keep being noted while it is off; on
 * activation every pair catches up (B6). Gives whether the partner was told. What is so already stays so.
 */
export async function setConnectionActive(
  ctx: ServiceContext,
  input: { id: string; active: boolean },
): Promise<{ partnerTold: boolean }> {
  const admin = requireAdmin(ctx);
  const { id, active } = parseInput(inputSchema, input);
  const status = active ? 'active' : 'deactivated';
  const now = new Date(ctx.clock.now());
  const { row, changed, twins } = await ctx.db.$transaction(async (tx) => {
    const before = await findConnection(tx, id);
    const { count } = await tx.connection.updateMany({
      where: { uid: before.uid, status: { in: statesBefore(status) }, activatedAt: { not: null } },
      data: {
        status,
        statusCode: null,
        statusDetail: null,
        statusSince: now,
        ...(active ? { partnerFailures: 0, partnerRetryAt: null } : {}),
      },
    });
    if (count === 0) {
      const current = await findConnection(tx, id);
      if (current.status !== status) throw pending();
      return { row: current, changed: false, twins: [] };
    }
    const ends = await tx.connection.findMany({ where: { uid: before.uid }, select: { id: true } });
    const due = active
      ? await makeTwinsDue(
          tx,
          ends.map((end) => end.id),
          now,
          // A project that was hidden could not be polled either.
          { read: before.status === 'error' },
        )
      : [];
    const verb = active ? 'connection.activate' : 'connection.deactivate';
    await tx.auditEntry.create({ data: { actor: admin, verb, target: id } });
    return { row: before, changed: true, twins: due };
  });
  // What had stopped the connection is tried again; if it is still there, it is reported anew.
  if (changed && active) await clearFaults(ctx, { connectionId: id });
  await wakeTwins(ctx, twins);
  if (changed) await ctx.wake.pages({ kind: 'connection', id });
  return { partnerTold: changed && (await tellPartner(ctx, row, { kind: active ? 'activated' : 'deactivated' })) };
}

function pending(): ServiceError {
  return new ServiceError('conflict', {
    summary: 'This connection is still pending.',
    why: 'The other side has not accepted yet.',
    remedy: 'Wait until it is accepted, or revoke its invitation or delete it.',
  });
}
