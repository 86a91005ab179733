import type { Connection, ServiceContext } from '../context.ts';
import { beginTwins } from './begin-twins.ts';
import type { IssueToBegin } from './begin-twins.ts';
import type { ConnectOptions, ConnectState } from './connect-state.ts';

export type ConnectBeginning =
  { kind: 'started'; twinId: string } | { kind: 'refused'; why: string } | { kind: 'postponed' };

/** The local half of a connection of two issues; its lane asks the partner for the other half. */
export async function startConnect(
  ctx: ServiceContext,
  connection: Connection,
  issue: IssueToBegin,
  options: ConnectOptions & { remoteKey: string; by: string; priority?: number },
): Promise<ConnectBeginning> {
  const { existing, winner, remoteKey, by, priority = 0 } = options;
  const taken = await ctx.db.twin.findFirst({
    where: { connectionId: connection.id, remoteIssueKey: remoteKey, endedAt: null },
    select: { localIssueId: true, localIssueKey: true },
  });
  if (taken !== null && taken.localIssueId !== issue.id) {
    return {
      kind: 'refused',
      why: `${remoteKey} is already under sync with ${taken.localIssueKey ?? 'another issue'} in this connection.`,
    };
  }
  const connect: ConnectState = { role: 'asking', remoteKey, existing, winner };
  const begun = await beginTwins(ctx, connection, [issue], { by, priority, connect, remoteIssueKey: remoteKey });
  const one = begun.get(issue.id);
  if (one?.kind === 'already')
    return { kind: 'refused', why: `${issue.key} is already under sync in this connection.` };
  if (one?.kind === 'started') return one;
  if (one?.kind === 'postponed') return one;
  return { kind: 'refused', why: `The connection "${connection.name}" is not active.` };
}
