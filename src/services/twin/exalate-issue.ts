import { z } from 'zod';
import { TrackerError } from '#/engine/ports.ts';
import type { TrackerIssue } from '#/engine/ports.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import { parseInput } from '../connection/parse-input.ts';
import { jiraServiceError } from '../node/jira-service-error.ts';
import type { Connection, ServiceContext } from '../context.ts';
import { ServiceError } from '../errors.ts';
import { beginTwins } from './begin-twins.ts';
import { parseIssueKey } from './issue-key.ts';
import { plainText } from '../plain-text.ts';

const inputSchema = z.object({
  connectionId: z.uuid(),
  issueKey: plainText(300),
  confirmOtherProject: z.boolean().default(false),
});

export type ExalateResult =
  | { kind: 'started'; twinId: string; already: boolean }
  | {
      kind: 'confirm_project';
      issueProject: { key: string; name: string };
      connectionProject: { key: string; name: string };
    };

/**
 * Puts an issue of the own Jira under sync (B1). Asking again, or twice at once, gives the one twin there is (B2). A key
 * that is malformed, unknown or invisible is refused and leaves nothing behind (B3).
 */
export async function exalateIssue(ctx: ServiceContext, input: z.input<typeof inputSchema>): Promise<ExalateResult> {
  const admin = requireAdmin(ctx);
  const { connectionId, issueKey, confirmOtherProject } = parseInput(inputSchema, input);
  const connection = await activeConnection(ctx, connectionId);
  const issue = await findIssue(ctx, parseIssueKey(issueKey, 'issueKey'));
  const known = await twinOf(ctx, connection, issue.id);
  if (known !== null) return { kind: 'started', twinId: known, already: true };
  if (issue.projectId !== connection.projectId && !confirmOtherProject) {
    return {
      kind: 'confirm_project',
      issueProject: { key: issue.projectKey, name: await projectName(ctx, issue) },
      connectionProject: { key: connection.projectKey, name: connection.projectName },
    };
  }
  return begin(ctx, connection, issue, admin);
}

async function begin(
  ctx: ServiceContext,
  connection: Connection,
  issue: TrackerIssue,
  admin: string,
): Promise<ExalateResult> {
  const { id, key, projectKey, createdMs } = issue;
  const creator = issue.creator ?? issue.reporter;
  const foreign = creator !== null && creator.name !== (await ctx.jira().proxyUser()).name;
  const begun = await beginTwins(ctx, connection, [{ id, key, projectKey, createdMs, foreign }], { by: admin });
  const result = begun.get(id) ?? { kind: 'inactive' };
  if (result.kind === 'already') return { kind: 'started', twinId: result.twinId, already: true };
  if (result.kind === 'inactive') throw notActive(connection);
  if (result.kind === 'postponed') throw beingCreated(key);
  await ctx.db.auditEntry.create({
    data: { actor: admin, verb: 'exalate', target: key, data: { connection: connection.name } },
  });
  await ctx.wake.twins([result.twinId]);
  await ctx.wake.pages({ kind: 'connection', id: connection.id });
  return { kind: 'started', twinId: result.twinId, already: false };
}

function beingCreated(key: string): ServiceError {
  return new ServiceError('conflict', {
    summary: `${key} may be an issue that sync is creating right now.`,
    why: 'A new issue from the other side is being written to this project, and its outcome is not known yet.',
    remedy: 'Wait a moment and try again.',
    field: 'issueKey',
  });
}

async function activeConnection(ctx: ServiceContext, id: string): Promise<Connection> {
  const connection = await ctx.db.connection.findUnique({ where: { id } });
  if (connection === null) {
    throw new ServiceError('not_found', {
      summary: 'This connection does not exist.',
      why: 'It may have been deleted meanwhile.',
      remedy: 'Go back to the Connections page.',
    });
  }
  if (connection.status === 'active') return connection;
  throw notActive(connection);
}

function notActive(connection: Connection): ServiceError {
  return new ServiceError('conflict', {
    summary: `The connection "${connection.name}" is not active.`,
    why:
      connection.status === 'pending'
        ? 'The other side has not accepted the invitation yet.'
        : 'It is deactivated or in error.',
    remedy:
      connection.status === 'pending' ? 'Wait until the other side has accepted it.' : 'Activate the connection first.',
  });
}

/** The twin of this issue in the connection; in a local connection also at its other end, so that nothing loops. */
async function twinOf(ctx: ServiceContext, connection: Connection, issueId: string): Promise<string | null> {
  const twin = await ctx.db.twin.findFirst({
    where: { localIssueId: issueId, endedAt: null, connection: { uid: connection.uid } },
    select: { id: true },
  });
  return twin?.id ?? null;
}

async function findIssue(ctx: ServiceContext, key: string): Promise<TrackerIssue> {
  try {
    return await ctx.jira().readIssue(key);
  } catch (error) {
    if (!(error instanceof TrackerError)) throw error;
    if (error.code !== 'not_found' && error.code !== 'forbidden') throw jiraServiceError(error);
    throw new ServiceError('not_found', {
      summary: `Issue ${key} was not found.`,
      why: 'It does not exist, or the proxy user of this node may not see it.',
      remedy: 'Check the key; if the issue exists, give the proxy user the Browse Projects permission.',
      field: 'issueKey',
      cause: error,
    });
  }
}

async function projectName(ctx: ServiceContext, issue: TrackerIssue): Promise<string> {
  const projects = await ctx.jira().projects();
  return projects.find((project) => project.id === issue.projectId)?.name ?? issue.projectKey;
}
