import { randomUUID } from 'node:crypto';
import { initiateConnection } from '#/services/connection/initiate-connection.ts';
import { acceptInvitation } from '#/services/invitation/accept-invitation.ts';
import { invitationCode } from '#/services/invitation/invitation-code.ts';
import type { TestNode } from './test-node.ts';

/** Connects two nodes as their admins would. Gives the ids of both ends. */
export async function connect(from: TestNode, to: TestNode): Promise<{ initiator: string; acceptor: string }> {
  const { connectionId: initiator } = await initiateConnection(from.admin, {
    draftId: randomUUID(),
    destinationUrl: to.ctx.node.exalateUrl,
    mode: 'BASIC',
    projectId: from.projects.first,
  });
  const { code } = await invitationCode(from.admin, { connectionId: initiator });
  const { connectionId: acceptor } = await acceptInvitation(to.admin, {
    draftId: randomUUID(),
    code,
    projectId: to.projects.first,
  });
  return { initiator, acceptor };
}
