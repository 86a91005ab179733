/** The web process's composition root: one node per process, also across the module copies that Next makes. */
import { composeNode } from '#/composition.ts';
import type { ComposedNode } from '#/composition.ts';
import { nodeSettings } from '#/env.ts';
import type { JiraCredentials } from '#/env.ts';
import type { IssueTracker } from '#/engine/ports.ts';
import { createJira, verifyCredentials } from '#/jira/index.ts';
import { createAddressGuard } from '#/kernel/url-safety.ts';
import { createHintCollector, hintIssues } from '#/services/sync/hints.ts';
import type { ServiceContext } from '#/services/context.ts';
import { refuseWithoutJira } from '#/services/node/refuse-without-jira.ts';

interface WebNode extends ComposedNode {
  hint: (issueId: string) => void;
  /** Before this time it is not asked again whether the node is outdated. */
  lookAgainMs: number;
}

const lookEveryMs = 1_000;

const shared = globalThis as typeof globalThis & { exalateNode?: Promise<WebNode> };

async function webNode(): Promise<WebNode> {
  const current = (shared.exalateNode ??= start());
  const node = await current;
  // The set-up page or General Settings may have been used, perhaps in another process: the node is put together anew.
  if (!(await isOutdated(node))) return node;
  if (shared.exalateNode === current) {
    shared.exalateNode = start();
    // Whoever still holds the old one may finish first.
    setTimeout(() => void node.close().catch(() => undefined), 30_000).unref();
  }
  return webNode();
}

/** Who waits for the set-up page asks each time; who has a Jira, now and then. */
async function isOutdated(node: WebNode): Promise<boolean> {
  if (node.jiraUrl !== null && Date.now() < node.lookAgainMs) return false;
  node.lookAgainMs = Date.now() + lookEveryMs;
  return node.outdated();
}

function start(): Promise<WebNode> {
  const starting = compose().catch((error: unknown) => {
    if (shared.exalateNode === starting) delete shared.exalateNode;
    throw error;
  });
  return starting;
}

async function compose(): Promise<WebNode> {
  const node = await composeNode(nodeSettings(), 'web');
  const hint = createHintCollector(
    (issueIds) => hintIssues(node.ctx, issueIds),
    (error) => node.logger.warn({ err: error }, 'hints could not be stored; polling will find the changes'),
  );
  return { ...node, hint, lookAgainMs: 0 };
}

/** The context of this process, acting for the system; pages and actions act for the signed-in admin. */
export async function getContext(): Promise<ServiceContext> {
  return (await webNode()).ctx;
}

/** The same; null while the node cannot be composed, as when its database is away. */
export async function readyContext(): Promise<ServiceContext | null> {
  return getContext().catch(() => null);
}

/** Notes that the own Jira spoke of this issue; many calls become few statements. */
export async function hintIssue(issueId: string): Promise<void> {
  (await webNode()).hint(issueId);
}

/** Asks the own Jira who this is. Uses a connection of its own, so that a wrong password never touches the proxy user's. */
export async function verifyJiraCredentials(
  credentials: JiraCredentials,
): Promise<{ user: { name: string; displayName: string }; administrator: boolean }> {
  const { jiraUrl } = await webNode();
  if (jiraUrl === null) return refuseWithoutJira();
  return verifyCredentials({ baseUrl: jiraUrl, credentials, caPem: nodeSettings().jiraCaPem ?? undefined });
}

/** Base URL of the attached Jira and the node's name; null while the set-up page waits for one. */
export async function attachedJira(): Promise<{ jiraUrl: string; nodeName: string } | null> {
  const { jiraUrl, ctx } = await webNode();
  return jiraUrl === null ? null : { jiraUrl, nodeName: ctx.node.name };
}

/** A Jira that somebody with the set-up token has named: any network, but never link-local or metadata addresses. */
export function connectForSetup(jira: { baseUrl: string; credentials: JiraCredentials }): IssueTracker {
  const guard = createAddressGuard({ allowedHosts: ['0.0.0.0/0', '::/0'] });
  guard.assertUrl(new URL(jira.baseUrl));
  const { jiraCaPem } = nodeSettings();
  return createJira({ ...jira, caPem: jiraCaPem ?? undefined, concurrency: 2, connectLookup: guard.lookup });
}
