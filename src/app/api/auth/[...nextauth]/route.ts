import { headers } from 'next/headers';
import { NextRequest } from 'next/server';
import NextAuth from 'next-auth';
import { loadSettings } from '#/env.ts';
import { authOptions } from '#/server/auth.ts';
import { clientAddress } from '#/server/client-address.ts';
import { getContext, verifyJiraCredentials } from '#/server/container.ts';
import { readBody } from '#/server/read-body.ts';
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
  return handler(new NextRequest(url, { method: 'POST', headers: sent, body }), context);
}

async function handler(request: Request, context: RouteContext): Promise<Response> {
  const address = clientAddress(await headers(), loadSettings().exalateUrl);
  const options = authOptions(async (credentials) =>
    signIn(await getContext(), { credentials, address, verify: verifyJiraCredentials }),
  );
  const answer: unknown = await NextAuth(options)(request, context);
  return answer as Response;
}

export { handler as GET, post as POST };
