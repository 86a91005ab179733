/** The Jira that was given on the set-up page. The environment wins over it. */
import { z } from 'zod';
import { plainText } from '../plain-text.ts';

export const setupCredentialsSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('token'), token: plainText(1000).trim().min(1) }),
  z.object({
    kind: z.literal('basic'),
    username: plainText(255).trim().min(1),
    password: plainText(1000).min(1),
  }),
]);
export type SetupCredentials = z.infer<typeof setupCredentialsSchema>;

/** Where the sealed credentials belong; they cannot be opened elsewhere. */
export const jiraCredentialsPlace = 'node/jiraCredentials/1';

export interface StoredJira {
  baseUrl: string;
  credentials: SetupCredentials;
}

interface Reader {
  node: {
    findUnique(query: {
      where: { id: 1 };
      select: { jiraUrl: true; jiraCredentials: true };
    }): PromiseLike<{ jiraUrl: string | null; jiraCredentials: string | null } | null>;
  };
}

/** null while nothing was stored. Throws `SecretBoxError` when it was sealed with another key. */
export async function storedJira(
  db: Reader,
  secrets: { open(sealed: string, aad: string): string },
): Promise<StoredJira | null> {
  const row = await db.node.findUnique({ where: { id: 1 }, select: { jiraUrl: true, jiraCredentials: true } });
  if (row === null || row.jiraUrl === null || row.jiraCredentials === null) return null;
  const opened: unknown = JSON.parse(secrets.open(row.jiraCredentials, jiraCredentialsPlace));
  return { baseUrl: row.jiraUrl, credentials: setupCredentialsSchema.parse(opened) };
}
