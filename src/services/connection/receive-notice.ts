import { connectionNoticeSchema } from '#/engine/connection/notice.ts';
import type { ServiceContext, Tx } from '../context.ts';
import type { ConnectionNotice } from '../peer-channel.ts';
import { findConnection } from './find-connection.ts';
import { PartnerRefusal } from './partner-refusal.ts';
import { makeTwinsDue, wakeTwins } from './wake-twins.ts';

/** The partner says something about its end. Hearing it twice changes nothing. Throws PartnerRefusal. */
export async function receiveNotice(
  ctx: ServiceContext,
  input: { connectionId: string; notice: unknown },
): Promise<void> {
  const { actor } = ctx;
  if (actor.kind !== 'partner' || actor.connectionId !== input.connectionId)
    throw new PartnerRefusal(403, 'invalid_request', 'This is for the partner of the connection only.');
  const parsed = connectionNoticeSchema.safeParse(input.notice);
  if (!parsed.success) throw new PartnerRefusal(400, 'invalid_request', 'This is not a request of this protocol.');
  const now = new Date(ctx.clock.now());
  const twins = await ctx.db.$transaction(async (tx) => {
    const row = await findConnection(tx, input.connectionId);
    const due = await apply(tx, row.id, parsed.data, now);
    await tx.auditEntry.create({
      data: { actor: `partner:${row.partnerUid ?? ''}`, verb: `partner.${parsed.data.kind}`, target: row.id },
    });
    return due;
  });
  await wakeTwins(ctx, twins);
  await ctx.wake.pages({ kind: 'connection', id: input.connectionId });
}

async function apply(tx: Tx, id: string, notice: ConnectionNotice, now: Date): Promise<string[]> {
  switch (notice.kind) {
    case 'activated':
      await tx.connection.update({
        where: { id },
        data: { partnerDeactivated: false, partnerFailures: 0, partnerRetryAt: null },
      });
      return makeTwinsDue(tx, [id], now);
    case 'deactivated':
      await tx.connection.update({ where: { id }, data: { partnerDeactivated: true } });
      return [];
    case 'deleted':
      // Both sides may delete it at once; what is being deleted here stays so.
      await tx.connection.updateMany({
        where: { id, status: { not: 'deleting' } },
        data: {
          status: 'error',
          statusCode: 'partner_connection_gone',
          statusDetail: 'The other side deleted this connection.',
          statusSince: now,
        },
      });
      return [];
  }
}
