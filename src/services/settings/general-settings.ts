import { ownJira } from '../connection/own-node-info.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { orNull } from './or-null.ts';
import { type Check, globalPermissions } from './permissions.ts';

export interface GeneralSettings {
  jiraUrl: string | null;
  jiraVersion: string | null;
  proxyUser: string | null;
  checks: readonly Check[];
  webhook: { state: string; detail: string | null };
  capturedAt: Date | null;
  startedAt: Date;
}

/** What General Settings shows; the permissions are asked for now, one line each. */
export async function generalSettings(ctx: ServiceContext): Promise<GeneralSettings> {
  requireAdmin(ctx);
  const jira = ownJira(ctx);
  const node = await ctx.db.node.findUniqueOrThrow({ where: { id: 1 } });
  const [server, user, granted] =
    jira === null
      ? [null, null, null]
      : await Promise.all([orNull(jira.server()), orNull(jira.myself()), orNull(jira.permissions())]);
  return {
    jiraUrl: jira?.baseUrl ?? null,
    jiraVersion: server && `${server.serverTitle}, version ${server.version}`,
    proxyUser: user && `${user.displayName} (${user.name})`,
    checks: [
      { name: 'Jira answers', ok: jira === null ? null : server !== null, text: 'This node must reach its Jira.' },
      {
        name: 'Proxy user is accepted',
        ok: jira === null ? null : user !== null,
        text: 'Jira must accept the credentials of the proxy user.',
      },
      ...globalPermissions.map(({ key, name, text }) => ({
        name,
        ok: granted === null ? null : granted.has(key),
        text,
      })),
    ],
    webhook: { state: node.webhookState, detail: node.webhookDetail },
    capturedAt: node.captureAt,
    startedAt: node.createdAt,
  };
}
