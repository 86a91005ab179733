import { z } from 'zod';
import { parseInput } from '../connection/parse-input.ts';
import { requireAdmin } from '../connection/require-admin.ts';
import type { ServiceContext } from '../context.ts';
import { ServiceError } from '../errors.ts';
import { jiraCredentialsPlace, setupCredentialsSchema } from './stored-jira.ts';
import { type ConnectJira, type TriedJira, tryJira } from './try-jira.ts';

const inputSchema = z.object({ credentials: setupCredentialsSchema, save: z.boolean() });
export type ChangeProxyUserInput = z.input<typeof inputSchema>;

/**
 * Checks other credentials for the attached Jira, and if asked to, makes the node work with them from now on. For a Jira that
 * was given on the set-up page; what the environment says is changed there.
 */
export async function changeProxyUser(
  ctx: ServiceContext,
  input: {
    values: ChangeProxyUserInput;
    address: string;
    /** Whether JIRA_URL is set. */
    fromEnvironment: boolean;
    connect: ConnectJira;
  },
): Promise<TriedJira> {
  const admin = requireAdmin(ctx);
  const { credentials, save } = parseInput(inputSchema, input.values);
  const node = await ctx.db.node.findUniqueOrThrow({ where: { id: 1 }, select: { jiraUrl: true } });
  if (input.fromEnvironment || node.jiraUrl === null) throw givenByEnvironment();

  const store = async (): Promise<void> => {
    const jiraCredentials = ctx.secrets.seal(JSON.stringify(credentials), jiraCredentialsPlace);
    await ctx.db.$transaction(async (tx) => {
      await tx.node.update({ where: { id: 1 }, data: { jiraCredentials } });
      await tx.auditEntry.create({ data: { actor: admin, verb: 'node.proxy_user', target: 'node' } });
    });
    await ctx.wake.pages({ kind: 'node' });
  };
  const { address, connect } = input;
  return tryJira(
    ctx,
    { baseUrl: node.jiraUrl, credentials, address: `proxy user ${address}`, connect },
    save ? store : null,
  );
}

function givenByEnvironment(): ServiceError {
  return new ServiceError('conflict', {
    summary: 'The proxy user is given by the environment of this node.',
    why: 'JIRA_URL and its credentials are set there, and win over what is entered here.',
    remedy: 'Change JIRA_TOKEN, or JIRA_USERNAME and JIRA_PASSWORD, and restart the node.',
  });
}
