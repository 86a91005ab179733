import type { InvitationFault } from '#/engine/invitation/invitation-fault.ts';
import type { Db, Tx } from '../context.ts';
import { ServiceError } from '../errors.ts';
import { invitationSummary } from './invitation-texts.ts';

/** The pending connection that this node initiated, with its invitation. Throws `not_found` or `conflict`. */
export async function pendingInvitation(db: Db | Tx, connectionId: string) {
  const row = await db.connection.findUnique({ where: { id: connectionId }, include: { invitation: true } });
  if (row === null)
    throw new ServiceError('not_found', {
      summary: 'This connection does not exist any more.',
      why: 'It was probably deleted in the meantime.',
      remedy: 'Go back to the list of connections.',
    });
  const { invitation, ...connection } = row;
  if (invitation === null || connection.status !== 'pending')
    throw new ServiceError('conflict', {
      summary: 'There is no open invitation for this connection.',
      why: connection.side === 'initiator' ? 'It was accepted already.' : 'The other side initiated it.',
      remedy: 'Nothing needs to be done.',
    });
  return { connection, invitation };
}

/** For the inviting side itself: its own invitation cannot be accepted any more. */
export function unusable(fault: InvitationFault): ServiceError {
  return new ServiceError('conflict', {
    summary: invitationSummary(fault),
    why: 'Its code would be refused.',
    remedy: 'Make a new invitation for this connection.',
  });
}
