import { z } from 'zod';
import { readJiraUrl } from '#/engine/connection/destination-url.ts';
import { parseInput } from '../connection/parse-input.ts';
import type { ServiceContext } from '../context.ts';
import { ServiceError } from '../errors.ts';
import { claimAttempt, forget } from '../sign-in/throttle.ts';
import { setupTokenHash } from './setup-token.ts';
import { jiraCredentialsPlace, type SetupCredentials, setupCredentialsSchema } from './stored-jira.ts';
import { type ConnectJira, tooManyTries, type TriedJira, tryJira } from './try-jira.ts';
import { plainText } from '../plain-text.ts';

const inputSchema = z.object({
  setupToken: plainText(200),
  jiraUrl: plainText(2000).transform((text, issues) => {
    const address = readJiraUrl(text);
    if (address !== null) return address;
    issues.addIssue({ code: 'custom', message: 'This is no http or https address without user name and password.' });
    return z.NEVER;
  }),
  credentials: setupCredentialsSchema,
  /** Only look, or save when everything that is required is there. */
  save: z.boolean(),
});
export type AttachInput = z.input<typeof inputSchema>;

/**
 * Checks a Jira and, if asked to, attaches this node to it. Whoever asks must know the set-up token, without which nothing
 * is contacted.
 */
export async function attachJira(
  ctx: ServiceContext,
  input: {
    values: AttachInput;
    address: string;
    connect: ConnectJira;
  },
): Promise<TriedJira> {
  const { setupToken, jiraUrl, credentials, save } = parseInput(inputSchema, input.values);
  const tokenHash = setupTokenHash(setupToken);
  await requireToken(ctx, tokenHash, input.address);

  return tryJira(
    ctx,
    { baseUrl: jiraUrl, credentials, address: `setup ${input.address}`, connect: input.connect },
    save ? () => store(ctx, { tokenHash, jiraUrl, credentials }) : null,
  );
}

async function requireToken(ctx: ServiceContext, tokenHash: string, address: string): Promise<void> {
  const attempt = await claimAttempt(ctx.db, { account: null, address: `setup token ${address}` }, ctx.clock.now());
  if (attempt.kind === 'blocked') throw tooManyTries(attempt.seconds);
  const node = await ctx.db.node.findUnique({ where: { id: 1 }, select: { setupTokenHash: true, jiraUrl: true } });
  if (node !== null && node.jiraUrl !== null) throw alreadyAttached();
  if (node?.setupTokenHash !== tokenHash)
    throw new ServiceError('forbidden', {
      summary: 'This is not the set-up token.',
      why: 'It is printed in this node’s log at every start, and only the last one counts.',
      remedy: 'Look for “Set-up token” in the log of the console’s process, and enter it here.',
      field: 'setupToken',
    });
  await forget(ctx.db, attempt.keys);
}

async function store(
  ctx: ServiceContext,
  { tokenHash, jiraUrl, credentials }: { tokenHash: string; jiraUrl: string; credentials: SetupCredentials },
): Promise<void> {
  const jiraCredentials = ctx.secrets.seal(JSON.stringify(credentials), jiraCredentialsPlace);
  await ctx.db.$transaction(async (tx) => {
    // The token is used up by the one who saves first.
    const { count } = await tx.node.updateMany({
      where: { id: 1, jiraUrl: null, setupTokenHash: tokenHash },
      data: { jiraUrl, jiraCredentials, setupTokenHash: null },
    });
    if (count === 0) throw alreadyAttached();
    await tx.auditEntry.create({
      data: { actor: 'set-up page', verb: 'node.attach', target: jiraUrl, at: new Date(ctx.clock.now()) },
    });
  });
}

function alreadyAttached(): ServiceError {
  return new ServiceError('conflict', {
    summary: 'This node is attached to a Jira already.',
    why: 'The set-up page works once.',
    remedy: 'Sign in. To attach the node to another Jira, set JIRA_URL and its credentials in the environment.',
  });
}
