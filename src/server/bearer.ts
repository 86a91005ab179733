import { createHash, timingSafeEqual } from 'node:crypto';
import { nodeSettings } from '#/env.ts';
import { isSameOrigin } from './same-origin.ts';
import { currentSession } from './session.ts';

/** Whether the request carries SYNC_TOKEN. */
export function hasSyncToken(request: Request): boolean {
  const { syncToken } = nodeSettings();
  const [scheme, token] = (request.headers.get('authorization') ?? '').split(' ');
  if (syncToken === null || scheme?.toLowerCase() !== 'bearer' || token === undefined) return false;
  return timingSafeEqual(digest(token), digest(syncToken));
}

/** null when the caller may go on; else the refusal. A session only counts for requests that come from our own pages. */
export async function bearerOrAdmin(request: Request): Promise<Response | null> {
  if (hasSyncToken(request)) return null;
  if (!request.headers.has('authorization') && isSameOrigin(request) && (await currentSession()) !== null) return null;
  return Response.json(
    {
      error: {
        code: 'unauthorised',
        summary: 'Send the SYNC_TOKEN of this node as bearer, or sign in as an administrator.',
      },
    },
    { status: 401, headers: { 'www-authenticate': 'Bearer' } },
  );
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
