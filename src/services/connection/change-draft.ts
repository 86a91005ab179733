/** Going back in the wizard after its connection was made: what is chosen otherwise then counts, for as long as it can. */
import type { ConnectionStatus } from '#/engine/connection/status.ts';
import type { NodeInfo } from '#/engine/invitation/invitation.ts';
import type { TrackerProject } from '#/engine/ports.ts';
import type { ServiceContext } from '../context.ts';
import { ServiceError } from '../errors.ts';

export interface Draft {
  status: ConnectionStatus;
  /** The project of the first side and, of a local connection, that of the second. */
  projectIds: readonly string[];
}

export async function findDraft(ctx: ServiceContext, draftId: string): Promise<Draft | null> {
  const row = await ctx.db.connection.findUnique({ where: { id: draftId } });
  if (row === null) return null;
  const other = await ctx.db.connection.findFirst({ where: { uid: row.uid, NOT: { id: draftId } } });
  return { status: row.status, projectIds: [row.projectId, ...(other === null ? [] : [other.projectId])] };
}

/** Throws `conflict` when the connection is past changing and was made of other projects. */
export function requireSameProjects(draft: Draft, projectIds: readonly string[]): void {
  if (draft.projectIds.every((id, index) => id === projectIds[index])) return;
  throw new ServiceError('conflict', {
    summary: 'This connection has been established already.',
    why: 'The project can be changed only until the invitation is accepted.',
    remedy: 'Leave this dialog and go on with the connection as it is, or delete it and initiate another one.',
    field: 'projectId',
  });
}

/**
 * The same invitation, now for this project; false when it was made for another destination, and was given up for that
 * reason. `partner` is null without a known destination.
 */
export async function changeDraft(
  ctx: ServiceContext,
  input: { admin: string; draftId: string; project: TrackerProject; partner: NodeInfo | 'own' | null },
): Promise<boolean> {
  const { admin, draftId, project, partner } = input;
  const pending = { id: draftId, status: 'pending' as const };
  const bound = partner === null || partner === 'own' ? null : partner.instanceUid;
  return ctx.db.$transaction(async (tx) => {
    const audit = (verb: string) =>
      tx.auditEntry.create({ data: { actor: admin, verb, target: draftId, data: { project: project.key } } });
    const { count: given } =
      partner === 'own'
        ? await tx.connection.deleteMany({ where: pending })
        : await tx.connection.deleteMany({
            where: { ...pending, invitation: { OR: [{ boundInstanceUid: { not: bound } }, ...otherThanNone(bound)] } },
          });
    if (given > 0) {
      await audit('connection.delete');
      return false;
    }
    const { count: changed } = await tx.connection.updateMany({
      where: { ...pending, projectId: { not: project.id } },
      data: { projectId: project.id, projectKey: project.key, projectName: project.name },
    });
    if (changed > 0) await audit('connection.project');
    return true;
  });
}

/** In SQL nothing is unlike null. */
function otherThanNone(bound: string | null): { boundInstanceUid: null }[] {
  return bound === null ? [] : [{ boundInstanceUid: null }];
}
