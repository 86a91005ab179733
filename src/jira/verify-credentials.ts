import { TrackerError } from '#/engine/ports.ts';
import type { ProxyUser } from '#/engine/ports.ts';
import { JiraClient } from './client.ts';
import { WebPageError } from './error-response.ts';
import type { JiraOptions } from './options.ts';
import { readPermissions } from './server.ts';

/**
 * Checks credentials for the sign-in page by one `/myself` and one `/mypermissions`, with a client of its own that is closed
 * afterwards: the proxy user's client notices nothing. A wrong password is sent once. Throws {@link TrackerError}:
 * `credentials_refused` (wrong, or Basic disabled), `captcha`, `unreachable`, `unavailable`, `rate_limited`, and `unexpected` when
 * what answers is not Jira's REST API (a web page, a redirect, another program).
 */
export async function verifyCredentials(
  options: Omit<JiraOptions, 'concurrency'>,
): Promise<{ user: ProxyUser; administrator: boolean }> {
  const client = new JiraClient({ ...options, concurrency: 1 });
  try {
    const user = await client.identity(0);
    const permissions = await readPermissions(client);
    return { user, administrator: permissions.has('ADMINISTER') || permissions.has('SYSTEM_ADMIN') };
  } catch (error) {
    throw notJira(error) ?? error;
  } finally {
    await client.close();
  }
}

function notJira(error: unknown): TrackerError | null {
  const strange = error instanceof WebPageError || (error instanceof TrackerError && error.status === 404);
  if (!strange || !(error instanceof TrackerError)) return null;
  return new TrackerError('unexpected', {
    message: `This address does not answer as Jira's REST API; check it, and any single sign-on in front. ${error.message}`,
    outcome: error.outcome,
    status: error.status,
    cause: error,
  });
}
