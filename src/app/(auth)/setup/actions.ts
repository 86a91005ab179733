'use server';
import { headers } from 'next/headers';
import { clientAddress } from '#/server/client-address.ts';
import { connectForSetup, readyContext } from '#/server/container.ts';
import { knownProblem, notReady, otherSite, unexpected } from '#/server/problem.ts';
import { comesFromOwnPage } from '#/server/same-origin.ts';
import { type AttachInput, attachJira } from '#/services/setup/attach-jira.ts';
import type { TriedJira } from '#/services/setup/try-jira.ts';
import type { Problem } from '#/ui/problem.ts';

export type SetupResult = ({ ok: true } & TriedJira) | { ok: false; error: Problem };

/** Checks a Jira, and attaches the node to it. Needs no session, since nobody can have one yet, but the set-up token. */
export async function attachAction(values: AttachInput): Promise<SetupResult> {
  const asked = await headers();
  if (!comesFromOwnPage(asked)) return { ok: false, error: otherSite };
  const context = await readyContext();
  if (context === null) return { ok: false, error: notReady };
  try {
    const address = clientAddress(asked, context.node.exalateUrl);
    return { ok: true, ...(await attachJira(context, { values, address, connect: connectForSetup })) };
  } catch (error) {
    const known = knownProblem(error);
    if (known === null) context.logger.error({ err: error }, 'set-up failed');
    return { ok: false, error: known ?? unexpected };
  }
}
