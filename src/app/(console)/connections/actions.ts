'use server';
import { z } from 'zod';
import { type ActionResult, runAction } from '#/server/action.ts';
import { type Deleted, deleteConnection } from '#/services/connection/delete-connection.ts';
import { type InitiateInput, initiateConnection } from '#/services/connection/initiate-connection.ts';
import { renameConnection } from '#/services/connection/rename-connection.ts';
import { rotateChannelKey } from '#/services/connection/rotate-channel-key.ts';
import { setConnectionActive } from '#/services/connection/set-connection-active.ts';
import type { ServiceContext } from '#/services/context.ts';
import { acceptInvitation } from '#/services/invitation/accept-invitation.ts';
import { invitationCode } from '#/services/invitation/invitation-code.ts';
import { renewInvitation } from '#/services/invitation/renew-invitation.ts';
import { revokeInvitation } from '#/services/invitation/revoke-invitation.ts';
import { exalateIssue, type ExalateResult } from '#/services/twin/exalate-issue.ts';

const anything = z.object({}).loose();
const byId = z.object({ id: z.uuid() });

/** A code as the wizard shows it. */
export interface Invitation {
  code: string;
  expiresAt: string;
  acceptUrl: string | null;
}

export async function initiateAction(
  input: InitiateInput,
): Promise<ActionResult<{ connectionId: string; invitation: Invitation | null }>> {
  return runAction(anything, input, async (ctx) => {
    const { connectionId, status } = await initiateConnection(ctx, input);
    return { connectionId, invitation: status === 'pending' ? await codeOf(ctx, connectionId) : null };
  });
}

export async function invitationAction(input: { id: string }): Promise<ActionResult<{ invitation: Invitation }>> {
  return runAction(byId, input, async (ctx, { id }) => ({ invitation: await codeOf(ctx, id) }));
}

export async function renewInvitationAction(input: { id: string }): Promise<ActionResult<{ invitation: Invitation }>> {
  return runAction(byId, input, async (ctx, { id }) => {
    await renewInvitation(ctx, { connectionId: id });
    return { invitation: await codeOf(ctx, id) };
  });
}

export async function revokeInvitationAction(input: { id: string }): Promise<ActionResult> {
  return runAction(byId, input, async (ctx, { id }) => {
    await revokeInvitation(ctx, { connectionId: id });
    return {};
  });
}

export async function acceptAction(input: {
  draftId: string;
  code: string;
  projectId: string;
}): Promise<ActionResult<{ connectionId: string }>> {
  return runAction(anything, input, (ctx) => acceptInvitation(ctx, input));
}

export async function setActiveAction(input: {
  id: string;
  active: boolean;
}): Promise<ActionResult<{ partnerTold: boolean }>> {
  return runAction(z.object({ id: z.uuid(), active: z.boolean() }), input, setConnectionActive);
}

export async function rotateKeyAction(input: { id: string }): Promise<ActionResult<{ done: boolean }>> {
  return runAction(byId, input, rotateChannelKey);
}

export async function deleteAction(input: { id: string }): Promise<ActionResult<Deleted>> {
  return runAction(byId, input, deleteConnection);
}

export async function renameAction(input: { id: string; name: string; description: string }): Promise<ActionResult> {
  return runAction(anything, input, async (ctx) => {
    await renameConnection(ctx, input);
    return {};
  });
}

export async function exalateAction(input: {
  connectionId: string;
  issueKey: string;
  confirmOtherProject?: boolean;
}): Promise<ActionResult<{ result: ExalateResult }>> {
  return runAction(anything, input, async (ctx) => ({ result: await exalateIssue(ctx, input) }));
}

async function codeOf(ctx: ServiceContext, connectionId: string): Promise<Invitation> {
  const { code, expiresAt, acceptUrl } = await invitationCode(ctx, { connectionId });
  return { code, expiresAt: expiresAt.toISOString(), acceptUrl };
}
