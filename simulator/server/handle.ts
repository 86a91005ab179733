import { authenticate, checkXsrf, offerXsrfToken } from '../auth/authenticate.ts';
import { inGerman } from '../faults/german.ts';
import type { Fault } from '../faults/types.ts';
import type { Call } from './call.ts';
import { JiraError, ReplyError, noSuchPath } from './errors.ts';
import { html, json } from './reply.ts';
import type { Reply } from './reply.ts';
import type { Route } from './router.ts';

/** A refusal as it goes over the wire. */
export function errorReply(error: unknown): Reply {
  if (error instanceof ReplyError) return error.reply;
  if (error instanceof JiraError) return json(error.status, { errorMessages: error.messages, errors: error.errors });
  // a fault of the simulator itself: loud here, and in Jira's shape there
  console.error('simulator:', error);
  return json(500, { message: error instanceof Error ? error.message : String(error), 'status-code': 500 });
}

async function perform(call: Call, route: Route | null, allowed: string[]): Promise<Reply> {
  const rest = call.path.startsWith('/rest/');
  if (rest || call.path.startsWith('/secure/')) authenticate(call);
  else authenticateQuietly(call);
  if (rest) offerXsrfToken(call);
  if (route === null) {
    if (allowed.length > 0) return html(405, '', { Allow: allowed.join(',') });
    return rest
      ? noSuchPath(call).reply
      : html(
          404,
          '<html><head><title>Oops, you&#39;ve found a dead link.</title></head><body><h1>Dead link</h1></body></html>',
        );
  }
  if (rest) checkXsrf(call, /^multipart\//i.test(call.header('content-type') ?? ''));
  if (!route.rawBody && call.method !== 'GET' && call.method !== 'HEAD') await call.readJson();
  return route.handler(call);
}

/** Pages are also for people who are not signed in; a wrong password only matters on REST. */
function authenticateQuietly(call: Call): void {
  try {
    authenticate(call);
  } catch (error) {
    if (!(error instanceof ReplyError)) throw error;
  }
}

/** Handles the request fully; never throws. */
export async function answer(call: Call, route: Route | null, allowed: string[], faults: Fault[]): Promise<Reply> {
  let reply: Reply;
  try {
    reply = await perform(call, route, allowed);
  } catch (error) {
    reply = errorReply(error);
  }
  const german = faults.some((fault) => fault.kind === 'localised') || call.user?.locale.startsWith('de') === true;
  return german ? inGerman(reply) : reply;
}
