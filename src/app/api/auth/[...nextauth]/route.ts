import { headers } from 'next/headers';
import NextAuth from 'next-auth';
import { authOptions } from '#/server/auth.ts';
import { clientAddress } from '#/server/client-address.ts';
import { getContext, verifyJiraCredentials } from '#/server/container.ts';
import { signIn } from '#/services/sign-in/sign-in.ts';

interface RouteContext {
  params: Promise<{ nextauth: string[] }>;
}

async function handler(request: Request, context: RouteContext): Promise<Response> {
  const address = clientAddress(await headers());
  const options = authOptions(async (credentials) =>
    signIn(await getContext(), { credentials, address, verify: verifyJiraCredentials }),
  );
  const answer: unknown = await NextAuth(options)(request, context);
  return answer as Response;
}

export { handler as GET, handler as POST };
