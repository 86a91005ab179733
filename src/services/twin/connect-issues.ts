import { z } from 'zod';
import { TrackerError } from '#/engine/ports.ts';
import type { TrackerIssue } from '#/engine/ports.ts';
import { findConnection } from '../connection/find-connection.ts';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import { jiraServiceError } from '../node/jira-service-error.ts';
import type { ServiceContext } from '../context.ts';
import { ServiceError } from '../errors.ts';
import { runLane } from '../sync/run-lane.ts';
import { connectOptionsSchema } from './connect-state.ts';
import { parseIssueKey } from './issue-key.ts';
import { startConnect } from './start-connect.ts';
import { plainText } from '../plain-text.ts';

const inputSchema = connectOptionsSchema.extend({
  connectionId: z.uuid(),
  localKey: plainText(300),
  remoteKey: plainText(300),
});

/**
 * Puts two issues under sync that exist already, one on each side (B1). The partner is asked at once, so a refusal is known
 * here and leaves nothing behind; a partner that cannot be reached is asked again by the lane, as with every change.
 */
export async function connectIssues(
  ctx: ServiceContext,
  input: z.input<typeof inputSchema>,
): Promise<{ twinId: string }> {
  const admin = requireAdmin(ctx);
  const { connectionId, localKey, remoteKey, ...options } = parseInput(inputSchema, input);
  const connection = await findConnection(ctx.db, connectionId);
  if (connection.status !== 'active')
    throw conflict(`The connection "${connection.name}" is not active.`, 'Activate the connection first.');
  const theirs = parseIssueKey(remoteKey, 'remoteKey');
  const issue = await findIssue(ctx, parseIssueKey(localKey, 'localKey'));
  const { id, key, projectKey, createdMs } = issue;
  const creator = issue.creator ?? issue.reporter;
  const foreign = creator !== null && creator.name !== (await ctx.jira().proxyUser()).name;
  const begun = await startConnect(
    ctx,
    connection,
    { id, key, projectKey, createdMs, foreign },
    { ...options, remoteKey: theirs, by: admin },
  );
  if (begun.kind === 'postponed')
    throw conflict(`${key} may be an issue that sync is creating right now.`, 'Wait a moment and try again.');
  if (begun.kind === 'refused')
    throw conflict(begun.why, 'Choose issues that are not under sync yet, or take them out of sync first.');
  await runLane(ctx, begun.twinId, `admin-${ctx.ids.uuid()}`);
  await refuseIfRefused(ctx, begun.twinId);
  await ctx.db.auditEntry.create({
    data: {
      actor: admin,
      verb: 'connect',
      target: key,
      data: { connection: connection.name, remoteKey: theirs, ...options },
    },
  });
  await ctx.wake.pages({ kind: 'connection', id: connectionId });
  return { twinId: begun.twinId };
}

async function refuseIfRefused(ctx: ServiceContext, twinId: string): Promise<void> {
  const error = await ctx.db.syncError.findFirst({
    where: { twinId, code: 'connect_refused', resolvedAt: null },
    select: { detail: true },
  });
  if (error === null) return;
  await ctx.db.twin.deleteMany({ where: { id: twinId, errorCode: 'connect_refused' } });
  await ctx.wake.pages({ kind: 'node' });
  throw new ServiceError('partner_refused', {
    summary: error.detail,
    why: 'The other side looked at its issue and cannot connect it.',
    remedy:
      'Check the key of the remote issue; if it exists, its proxy user needs the Browse Projects permission over there.',
    field: 'remoteKey',
  });
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
      field: 'localKey',
      cause: error,
    });
  }
}

function conflict(summary: string, remedy: string): ServiceError {
  return new ServiceError('conflict', { summary, why: 'The two issues cannot be connected as things are.', remedy });
}
