import type { IssueTracker } from '#/engine/ports.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import { ownJira } from '../connection/own-node-info.ts';
import type { ServiceContext } from '../context.ts';
import { orNull } from './or-null.ts';
import { type Check, projectPermissions } from './permissions.ts';

export interface ProjectChecks {
  project: { key: string; name: string };
  checks: readonly Check[];
}

const most = 25;
const keptForMs = 10_000;
const kept = new WeakMap<IssueTracker, { until: number; checks: Promise<readonly ProjectChecks[]> }>();

/** What the proxy user may do in each project that a connection uses. Kept for some seconds: pages refresh often. */
export async function projectChecks(ctx: ServiceContext): Promise<readonly ProjectChecks[]> {
  requireAdmin(ctx);
  const jira = ownJira(ctx);
  if (jira === null) return [];
  const now = ctx.clock.now();
  const known = kept.get(jira);
  if (known !== undefined && known.until > now) return known.checks;
  const checks = checkAll(ctx, jira);
  kept.set(jira, { until: now + keptForMs, checks });
  checks.catch(() => kept.delete(jira));
  return checks;
}

async function checkAll(ctx: ServiceContext, jira: IssueTracker): Promise<readonly ProjectChecks[]> {
  const projects = await ctx.db.connection.findMany({
    where: { status: { not: 'deleting' } },
    distinct: ['projectKey'],
    orderBy: { projectKey: 'asc' },
    take: most,
    select: { projectId: true, projectKey: true, projectName: true },
  });
  return Promise.all(
    projects.map(async ({ projectId: id, projectKey: key, projectName: name }) => {
      const [granted, type] = await Promise.all([
        orNull(jira.permissions({ projectKey: key })),
        orNull(jira.defaultIssueType({ id, key })),
      ]);
      return {
        project: { key, name },
        checks: [
          ...projectPermissions.map(({ key: permission, name: permissionName, text }) => ({
            name: permissionName,
            ok: granted === null ? null : granted.has(permission),
            text: granted === null ? 'Jira did not say.' : text,
          })),
          defaultType(type),
        ],
      };
    }),
  );
}

function defaultType(type: Awaited<ReturnType<IssueTracker['defaultIssueType']>> | null): Check {
  if (type?.kind === 'known') return { name: `Default issue type: ${type.issueType.name}`, ok: true, text: '' };
  const otherwise = 'An issue type that this project lacks becomes Task, or else the first type that can be created.';
  if (type?.kind === 'none')
    return { name: 'Default issue type', ok: null, text: `The project’s issue type scheme has none. ${otherwise}` };
  return {
    name: 'Default issue type',
    ok: null,
    text:
      type === null
        ? 'Jira did not say.'
        : `It cannot be read: only Jira administrators may, and the proxy user is none. ${otherwise}`,
  };
}
