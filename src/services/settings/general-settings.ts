import { ownJira } from '../connection/own-node-info.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';

export interface Check {
  name: string;
  /** null: could not be checked. */
  ok: boolean | null;
  /** What lacks without it, or why it could not be checked. */
  text: string;
}

export interface GeneralSettings {
  jiraUrl: string | null;
  jiraVersion: string | null;
  proxyUser: string | null;
  checks: readonly Check[];
  webhook: { state: string; detail: string | null };
  capturedAt: Date | null;
  startedAt: Date;
}

const permissions = [
  {
    key: 'BROWSE_PROJECTS',
    name: 'Browse Projects',
    text: 'Needed to read issues; without it nothing can be synchronized.',
  },
  { key: 'CREATE_ISSUES', name: 'Create Issues', text: 'Needed to create issues that arrive from the other side.' },
  { key: 'EDIT_ISSUES', name: 'Edit Issues', text: 'Needed to update summary, description and issue type.' },
  { key: 'ADD_COMMENTS', name: 'Add Comments', text: 'Needed for comments that arrive.' },
  { key: 'EDIT_OWN_COMMENTS', name: 'Edit Own Comments', text: 'Needed when a comment is edited on the other side.' },
  {
    key: 'DELETE_OWN_COMMENTS',
    name: 'Delete Own Comments',
    text: 'Needed when a comment is deleted on the other side.',
  },
  { key: 'CREATE_ATTACHMENTS', name: 'Create Attachments', text: 'Needed for attachments that arrive.' },
  {
    key: 'DELETE_OWN_ATTACHMENTS',
    name: 'Delete Own Attachments',
    text: 'Needed when an attachment is removed on the other side.',
  },
  {
    key: 'ADMINISTER',
    name: 'Administer Jira (optional)',
    text: 'Lets this node register its webhook and read the default issue type of a project; without it, polling is used and an issue type that is not found becomes Task.',
  },
];

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
      ...permissions.map(({ key, name, text }) => ({ name, ok: granted === null ? null : granted.has(key), text })),
    ],
    webhook: { state: node.webhookState, detail: node.webhookDetail },
    capturedAt: node.captureAt,
    startedAt: node.createdAt,
  };
}

async function orNull<T>(work: Promise<T>): Promise<T | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Error && error.name === 'TrackerError') return null;
    throw error;
  }
}
