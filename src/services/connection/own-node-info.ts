import { ownModes } from '#/engine/connection/modes.ts';
import type { NodeInfo } from '#/engine/invitation/invitation.ts';
import type { IssueTracker } from '#/engine/ports.ts';
import { ownProtocol } from '#/engine/protocol/version.ts';
import type { ServiceContext } from '../context.ts';
import { ServiceError } from '../errors.ts';

const KNOWN_FOR_MS = 10 * 60_000;
const UNKNOWN_FOR_MS = 30_000;
/** Longer than this nobody waits for a Jira that does not answer; the version is told next time. */
const WAIT_MS = 1_500;

const versions = new WeakMap<IssueTracker, { until: number; version: Promise<string | null> }>();

/** This node as it presents itself to others. Public: it holds no secret, and asking for it often costs Jira nothing. */
export async function ownNodeInfo(ctx: ServiceContext): Promise<NodeInfo> {
  const jira = ownJira(ctx);
  return {
    name: ctx.node.name,
    callbackUrl: ctx.node.exalateUrl,
    issueTrackerUrl: jira === null ? null : jira.baseUrl.replace(/\/+$/, ''),
    nodeType: 'JIRA_SERVER',
    issueTrackerVersion: jira === null ? null : await jiraVersion(ctx, jira),
    nodeVersion: ctx.node.version,
    protocol: { ...ownProtocol },
    modes: [...ownModes],
    instanceUid: ctx.node.instanceUid,
    pollOnly: ctx.node.pollOnly,
  };
}

/** The attached Jira, or null while none is set up. */
export function ownJira(ctx: ServiceContext): IssueTracker | null {
  try {
    return ctx.jira();
  } catch (error) {
    if (error instanceof ServiceError && error.code === 'jira_not_configured') return null;
    throw error;
  }
}

async function jiraVersion(ctx: ServiceContext, jira: IssueTracker): Promise<string | null> {
  const now = ctx.clock.now();
  const known = versions.get(jira);
  if (known !== undefined && known.until > now) return withinWait(known.version);
  const entry = {
    until: now + KNOWN_FOR_MS,
    version: jira.server().then(
      (server) => server.version,
      () => {
        entry.until = now + UNKNOWN_FOR_MS;
        return null;
      },
    ),
  };
  versions.set(jira, entry);
  return withinWait(entry.version);
}

async function withinWait(version: Promise<string | null>): Promise<string | null> {
  const { promise: tooLate, resolve } = Promise.withResolvers<null>();
  const timer = setTimeout(resolve, WAIT_MS, null);
  return Promise.race([version, tooLate]).finally(() => clearTimeout(timer));
}
