import { z } from 'zod';
import { defaultConnectionName, UNKNOWN_PARTNER } from '#/engine/connection/connection-name.ts';
import type { ConnectionStatus } from '#/engine/connection/status.ts';
import type { ConnectionType } from '#/db/generated/enums.ts';
import { connectionModes, INVITATION_LIFETIME_MS, type NodeInfo } from '#/engine/invitation/invitation.ts';
import { secretHash } from '#/engine/invitation/secret-hash.ts';
import type { TrackerProject } from '#/engine/ports.ts';
import { generateBasicRules } from '#/engine/rules/basic-rules.ts';
import type { ServiceContext } from '../context.ts';
import { ServiceError } from '../errors.ts';
import { invitationSecret } from '../invitation/invitation-secret.ts';
import { changeDraft, findDraft, requireSameProjects, type Draft } from './change-draft.ts';
import { isUniqueViolation } from './is-unique-violation.ts';
import { projectIdSchema, requireIncomingProject } from './list-incoming-projects.ts';
import { lookUpDestination } from './look-up-destination.ts';
import { parseInput } from './parse-input.ts';
import { partnerColumns } from './partner-columns.ts';
import { upgradeError } from './upgrade-error.ts';
import { requireAdmin } from './require-admin.ts';
import { reserveName } from './unique-name.ts';
import { plainText } from '../plain-text.ts';

const inputSchema = z.object({
  /** Made by the wizard; sending it twice makes one connection, which a choice made anew changes while it is pending. */
  draftId: z.uuid(),
  /** null: "I don't have a URL". */
  destinationUrl: plainText(2000).nullable(),
  mode: z.enum(connectionModes),
  projectId: projectIdSchema,
  /** Other side of a local connection. */
  secondProjectId: projectIdSchema.optional(),
});
export type InitiateInput = z.infer<typeof inputSchema>;

export interface Initiated {
  connectionId: string;
  status: ConnectionStatus;
}

/** Makes a connection: pending with an invitation, or, between two projects of the own Jira, active at once. */
export async function initiateConnection(ctx: ServiceContext, input: InitiateInput): Promise<Initiated> {
  const admin = requireAdmin(ctx);
  const parsed = parseInput(inputSchema, input);
  if (parsed.mode !== 'BASIC') throw upgradeError('mode');
  const { draftId } = parsed;
  const chosen = [parsed.projectId, ...(parsed.secondProjectId === undefined ? [] : [parsed.secondProjectId])];
  const before = await findDraft(ctx, draftId);
  if (before !== null && before.status !== 'pending') return made(draftId, before, chosen);

  const project = await requireIncomingProject(ctx, parsed.projectId, 'projectId');
  const destination =
    parsed.destinationUrl === null ? null : await lookUpDestination(ctx, { url: parsed.destinationUrl });
  if (destination?.kind === 'jira_without_node') throw withoutNode(destination.title);
  const partner = destination?.kind === 'node' ? destination.info : null;
  try {
    if (
      before !== null &&
      (await changeDraft(ctx, { admin, draftId, project, partner: destination?.kind === 'own' ? 'own' : partner }))
    ) {
      const now = await findDraft(ctx, draftId);
      if (now !== null) return made(draftId, now, chosen);
    }
    if (destination?.kind === 'own') {
      const second = await secondProject(ctx, parsed.secondProjectId, project);
      await createLocal(ctx, { admin, draftId, project, second });
    } else {
      await createPending(ctx, { admin, draftId, project, partner });
    }
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    const other = await findDraft(ctx, draftId);
    if (other === null) throw error;
    return made(draftId, other, chosen);
  }
  await ctx.wake.pages({ kind: 'connection', id: draftId });
  return { connectionId: draftId, status: destination?.kind === 'own' ? 'active' : 'pending' };
}

function made(draftId: string, draft: Draft, projectIds: readonly string[]): Initiated {
  requireSameProjects(draft, projectIds);
  return { connectionId: draftId, status: draft.status };
}

async function createPending(
  ctx: ServiceContext,
  {
    admin,
    draftId,
    project,
    partner,
  }: { admin: string; draftId: string; project: TrackerProject; partner: NodeInfo | null },
): Promise<void> {
  if (ctx.node.pollOnly) throw privateInitiator();
  const uid = ctx.ids.uuid();
  const invitationId = ctx.ids.uuid();
  const type: ConnectionType = partner?.pollOnly === true ? 'private' : 'public';
  await ctx.db.$transaction(async (tx) => {
    const name = await reserveName(tx, defaultConnectionName(ctx.node.name, partner?.name ?? UNKNOWN_PARTNER));
    await tx.connection.create({
      data: {
        ...ownColumns(ctx, { id: draftId, uid, name, project, admin }),
        side: 'initiator',
        type,
        status: 'pending',
        ...(partner === null ? {} : partnerColumns(partner)),
      },
    });
    await tx.invitation.create({
      data: {
        id: invitationId,
        connectionId: draftId,
        secretHash: secretHash(invitationSecret(ctx, invitationId)),
        createdAt: new Date(ctx.clock.now()),
        expiresAt: new Date(ctx.clock.now() + INVITATION_LIFETIME_MS),
        boundInstanceUid: partner?.instanceUid ?? null,
      },
    });
    await tx.auditEntry.create({
      data: {
        actor: admin,
        verb: 'connection.initiate',
        target: draftId,
        data: { uid, type, project: project.key, partner: partner?.instanceUid ?? null },
      },
    });
  });
}

async function createLocal(
  ctx: ServiceContext,
  {
    admin,
    draftId,
    project,
    second,
  }: { admin: string; draftId: string; project: TrackerProject; second: TrackerProject },
): Promise<void> {
  const uid = ctx.ids.uuid();
  await ctx.db.$transaction(async (tx) => {
    const name = await reserveName(tx, defaultConnectionName(project.key, second.key));
    const end = (id: string, side: 'initiator' | 'acceptor', own: TrackerProject, other: TrackerProject) => ({
      ...ownColumns(ctx, { id, uid, name, project: own, admin }),
      side,
      type: 'local' as const,
      status: 'active' as const,
      activatedAt: new Date(ctx.clock.now()),
      partnerUid: ctx.node.instanceUid,
      partnerName: ctx.node.name,
      partnerUrl: ctx.node.exalateUrl,
      partnerJiraUrl: ctx.jira().baseUrl.replace(/\/+$/, ''),
      partnerProjectKey: other.key,
      partnerProjectName: other.name,
    });
    await tx.connection.createMany({
      data: [end(draftId, 'initiator', project, second), end(ctx.ids.uuid(), 'acceptor', second, project)],
    });
    await tx.auditEntry.create({
      data: {
        actor: admin,
        verb: 'connection.initiate',
        target: draftId,
        data: { uid, type: 'local', project: project.key, second: second.key },
      },
    });
  });
}

/** Columns that every new end has. */
export function ownColumns(
  ctx: ServiceContext,
  { id, uid, name, project, admin }: { id: string; uid: string; name: string; project: TrackerProject; admin: string },
) {
  const now = new Date(ctx.clock.now());
  return {
    id,
    uid,
    name,
    mode: 'BASIC',
    projectId: project.id,
    projectKey: project.key,
    projectName: project.name,
    rules: { ...generateBasicRules() },
    createdBy: admin,
    createdAt: now,
    statusSince: now,
  };
}

async function secondProject(
  ctx: ServiceContext,
  id: string | undefined,
  first: TrackerProject,
): Promise<TrackerProject> {
  if (id === undefined)
    throw new ServiceError('invalid_input', {
      summary: 'Select the project of the second side.',
      why: 'A local connection is one between two projects of the same Jira.',
      remedy: 'Select both projects.',
      field: 'secondProjectId',
    });
  if (id === first.id)
    throw new ServiceError('invalid_input', {
      summary: 'Select two different projects.',
      why: 'Both sides of this connection would be the same project.',
      remedy: 'Select another project for one of the sides.',
      field: 'secondProjectId',
    });
  return requireIncomingProject(ctx, id, 'secondProjectId');
}

function withoutNode(title: string): ServiceError {
  return new ServiceError('partner_refused', {
    summary: `No Exalate node was found for ${title}.`,
    why: 'A Jira answers at this address, but no node that is attached to it is known.',
    remedy:
      'Enter the Exalate URL that the console over there shows under General Settings, or tick "I don\'t have a URL" and send an invitation.',
    field: 'destinationUrl',
  });
}

function privateInitiator(): ServiceError {
  return new ServiceError('conflict', {
    summary: 'A private node cannot invite.',
    why: 'Nobody can open requests to this node, so nobody could accept its invitation.',
    remedy: 'Let the other side initiate the connection, and accept its invitation here.',
  });
}
