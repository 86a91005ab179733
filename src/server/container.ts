/** The web process's composition root: one node per process, also across the module copies that Next makes. */
import { composeNode } from '#/composition.ts';
import type { ComposedNode } from '#/composition.ts';
import { loadNodeSettings } from '#/env.ts';
import type { JiraCredentials } from '#/env.ts';
import { verifyCredentials } from '#/jira/index.ts';
import { createHintCollector, hintIssues } from '#/services/sync/hints.ts';
import type { ServiceContext } from '#/services/context.ts';
import { refuseWithoutJira } from '#/services/node/refuse-without-jira.ts';

interface WebNode extends ComposedNode {
  hint: (issueId: string) => void;
}

const shared = globalThis as typeof globalThis & { exalateNode?: Promise<WebNode> };

async function webNode(): Promise<WebNode> {
  shared.exalateNode ??= compose().catch((error: unknown) => {
    delete shared.exalateNode;
    throw error;
  });
  return shared.exalateNode;
}

async function compose(): Promise<WebNode> {
  const node = await composeNode(loadNodeSettings(), 'web');
  const hint = createHintCollector(
    (issueIds) => hintIssues(node.ctx, issueIds),
    (error) => node.logger.warn({ err: error }, 'hints could not be stored; polling will find the changes'),
  );
  return { ...node, hint };
}

/** The context of this process, acting for the system; pages and actions act for the signed-in admin. */
export async function getContext(): Promise<ServiceContext> {
  return (await webNode()).ctx;
}

/** Notes that the own Jira spoke of this issue; many calls become few statements. */
export async function hintIssue(issueId: string): Promise<void> {
  (await webNode()).hint(issueId);
}

/** Asks the own Jira who this is. Uses a connection of its own, so that a wrong password never touches the proxy user's. */
export async function verifyJiraCredentials(
  credentials: JiraCredentials,
): Promise<{ user: { name: string; displayName: string }; administrator: boolean }> {
  const { jira, jiraCaPem } = loadNodeSettings();
  if (jira === null) return refuseWithoutJira();
  return verifyCredentials({ baseUrl: jira.baseUrl, credentials, caPem: jiraCaPem ?? undefined });
}
