import { z } from 'zod';
import type { IssueTracker } from '#/engine/ports.ts';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { ServiceError } from '../errors.ts';
import { claimAttempt, forget, giveBack } from '../sign-in/throttle.ts';
import { type Attached, tooManyTries } from './attach-jira.ts';
import { checkJira } from './check-jira.ts';
import { jiraCredentialsPlace, type SetupCredentials, setupCredentialsSchema } from './stored-jira.ts';

const inputSchema = z.object({ credentials: setupCredentialsSchema, save: z.boolean() });
export type ChangeProxyUserInput = z.input<typeof inputSchema>;

/**
 * Checks other credentials for the attached Jira, and if asked to, makes the node work with them from now on. For a Jira that
 * was given on the set-up page; what the environment says is changed there. Tries count as at sign-in.
 */
export async function changeProxyUser(
  ctx: ServiceContext,
  input: {
    values: ChangeProxyUserInput;
    address: string;
    /** Whether JIRA_URL is set. */
    fromEnvironment: boolean;
    connect: (jira: { baseUrl: string; credentials: SetupCredentials }) => IssueTracker;
  },
): Promise<Attached> {
  const admin = requireAdmin(ctx);
  const { credentials, save } = parseInput(inputSchema, input.values);
  const node = await ctx.db.node.findUniqueOrThrow({ where: { id: 1 }, select: { jiraUrl: true } });
  if (input.fromEnvironment || node.jiraUrl === null) throw givenByEnvironment();

  const account = credentials.kind === 'basic' ? credentials.username : null;
  const attempt = await claimAttempt(ctx.db, { account, address: `proxy user ${input.address}` }, ctx.clock.now());
  if (attempt.kind === 'blocked') throw tooManyTries(attempt.seconds);
  const jira = input.connect({ baseUrl: node.jiraUrl, credentials });
  try {
    const { lines, complete, refused } = await checkJira(jira);
    if (!refused) await forget(ctx.db, attempt.keys);
    if (!save || !complete) return { lines, saved: false };
    const jiraCredentials = ctx.secrets.seal(JSON.stringify(credentials), jiraCredentialsPlace);
    await ctx.db.$transaction(async (tx) => {
      await tx.node.update({ where: { id: 1 }, data: { jiraCredentials } });
      await tx.auditEntry.create({ data: { actor: admin, verb: 'node.proxy_user', target: 'node' } });
    });
    await ctx.wake.pages({ kind: 'node' });
    return { lines, saved: true };
  } catch (error) {
    await giveBack(ctx.db, attempt.keys);
    throw error;
  } finally {
    await jira.close();
  }
}

function givenByEnvironment(): ServiceError {
  return new ServiceError('conflict', {
    summary: 'The proxy user is given by the environment of this node.',
    why: 'JIRA_URL and its credentials are set there, and win over what is entered here.',
    remedy: 'Change JIRA_TOKEN, or JIRA_USERNAME and JIRA_PASSWORD, and restart the node.',
  });
}
