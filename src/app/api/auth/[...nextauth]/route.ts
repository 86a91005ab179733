import { headers } from 'next/headers';
import { NextRequest } from 'next/server';
import NextAuth from 'next-auth';
import { nodeSettings } from '#/env.ts';
import { authOptions, readSession } from '#/server/auth.ts';
import { clientAddress } from '#/server/client-address.ts';
import { getContext, verifyJiraCredentials } from '#/server/container.ts';
import { cookieNames } from '#/server/cookies.ts';
import { readBody } from '#/server/read-body.ts';
import { tellSignedOut } from '#/server/sign-out.ts';
import { signIn } from '#/services/sign-in/sign-in.ts';

interface RouteContext {
  params: Promise<{ nextauth: string[] }>;
}

/** User name, password and CSRF token; next-auth itself would read a body of any length. */
const bodyBytesMax = 64 * 1024;

async function post(request: Request, context: RouteContext): Promise<Response> {
  const body = await readBody(request, bodyBytesMax);
  if (body === null) return new Response(null, { status: 413 });
  const { url, headers: sent } = request;
  const { nextauth } = await context.params;
  const session = nextauth[0] === 'signout' ? await readSession() : null;
  const answer = await handler(new NextRequest(url, { method: 'POST', headers: sent, body }), context);
  if (session !== null && endsSession(answer)) await tellSignedOut(session);
  return answer;
}

/** Without its CSRF token next-auth signs nobody out. */
function endsSession(answer: Response): boolean {
  const { session } = cookieNames(nodeSettings().exalateUrl);
  return answer.headers.getSetCookie().some((cookie) => cookie.startsWith(`${session}=;`));
}

async function handler(request: Request, context: RouteContext): Promise<Response> {
  const address = clientAddress(await headers(), nodeSettings().exalateUrl);
  const options = authOptions(async (credentials) =>
    signIn(await getContext(), { credentials, address, verify: verifyJiraCredentials }),
  );
  const answer: unknown = await NextAuth(options)(request, context);
  return answer as Response;
}

export { handler as GET, post as POST };
