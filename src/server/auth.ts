/**
 * next-auth, and the only place besides its route that knows it: the session is a signed and encrypted JWT in an
 * HttpOnly cookie, good for 8 hours after the sign-in however much it is used.
 */
import { randomUUID } from 'node:crypto';
import { cookies } from 'next/headers';
import { getServerSession, type NextAuthOptions } from 'next-auth';
import { encode } from 'next-auth/jwt';
import CredentialsProvider from 'next-auth/providers/credentials';
import { z } from 'zod';
import { nodeSettings } from '#/env.ts';
import { type SignInCredentials, signInCredentialsSchema } from '#/services/sign-in/schemas.ts';
import { cookieNames } from './cookies.ts';

/** A signed-in administrator of the attached Jira. */
export interface Admin {
  name: string;
  displayName: string;
}

/** Who signed in, and when that ends (epoch milliseconds). */
export interface AdminSession extends Admin {
  expiresMs: number;
}

const sessionSeconds = 8 * 60 * 60;

const claimsSchema = z.object({
  name: z.string().min(1),
  displayName: z.string(),
  administrator: z.literal(true),
  /** The node that this session is for: the same secret at another URL does not open this one. */
  node: z.string(),
  signedInMs: z.number(),
});
type Claims = z.infer<typeof claimsSchema>;

/** Checks credentials; throws a `ServiceError` that says why not. */
export type Verify = (credentials: SignInCredentials) => Promise<Admin>;

let cached: { secret: string; exalateUrl: string } | null = null;

function settings(): { secret: string; exalateUrl: string } {
  if (cached === null) {
    const { nextauthSecret, exalateUrl } = nodeSettings();
    cached = { secret: nextauthSecret, exalateUrl };
  }
  return cached;
}

export function authOptions(verify?: Verify): NextAuthOptions {
  const { secret, exalateUrl } = settings();
  const names = cookieNames(exalateUrl);
  const options = { httpOnly: true, sameSite: 'lax', path: '/', secure: names.secure } as const;
  return {
    secret,
    useSecureCookies: names.secure,
    session: { strategy: 'jwt', maxAge: sessionSeconds },
    jwt: { maxAge: sessionSeconds },
    pages: { signIn: '/login', signOut: '/login', error: '/login' },
    cookies: {
      sessionToken: { name: names.session, options },
      csrfToken: { name: names.csrf, options },
      callbackUrl: { name: names.callbackUrl, options },
    },
    providers: [
      CredentialsProvider({
        id: 'jira',
        name: 'Jira',
        credentials: { username: {}, password: { type: 'password' }, token: { type: 'password' } },
        async authorize(input) {
          const credentials = signInCredentialsSchema.safeParse(
            input?.token ? { kind: 'token', ...input } : { kind: 'basic', ...input },
          );
          if (!credentials.success || verify === undefined) return null;
          // A refusal is answered as `CredentialsSignin`; the sign-in page has the texts.
          const admin = await verify(credentials.data).catch(() => null);
          return admin === null ? null : { id: admin.name, name: admin.displayName };
        },
      }),
    ],
    callbacks: {
      jwt({ token, user }) {
        if (!user) return token;
        return { ...token, ...claimsFor({ name: user.id, displayName: user.name ?? user.id }) };
      },
      session: ({ token }) => ({ expires: '', claims: token }),
      redirect: ({ url, baseUrl }) => (url.startsWith('/') && !url.startsWith('//') ? `${baseUrl}${url}` : baseUrl),
    },
    logger: { error: () => undefined, warn: () => undefined, debug: () => undefined },
  };
}

/** The session of this request, or null: signed by this node, for this node, of an administrator, not older than 8 hours. */
export async function readSession(): Promise<AdminSession | null> {
  const session: unknown = await getServerSession(authOptions());
  const parsed = z.object({ claims: claimsSchema }).safeParse(session);
  if (!parsed.success) return null;
  const { name, displayName, node, signedInMs } = parsed.data.claims;
  const expiresMs = signedInMs + sessionSeconds * 1000;
  if (node !== settings().exalateUrl || Date.now() >= expiresMs) return null;
  return { name, displayName, expiresMs };
}

/** Starts a session after the credentials were checked. Only in a server action or route handler. */
export async function startSession(admin: Admin): Promise<void> {
  const { secret, exalateUrl } = settings();
  const names = cookieNames(exalateUrl);
  const token = { sub: admin.name, jti: randomUUID(), ...claimsFor(admin) };
  const value = await encode({ token, secret, maxAge: sessionSeconds });
  const store = await cookies();
  store.set(names.session, value, {
    httpOnly: true,
    sameSite: 'lax',
    path: '/',
    secure: names.secure,
    maxAge: sessionSeconds,
  });
}

/** Ends the session of this browser. */
export async function endSession(): Promise<void> {
  const names = cookieNames(settings().exalateUrl);
  const store = await cookies();
  for (const name of [names.session, names.callbackUrl, names.csrf])
    store.set(name, '', { httpOnly: true, sameSite: 'lax', path: '/', secure: names.secure, maxAge: 0 });
}

function claimsFor(admin: Admin): Claims {
  return { ...admin, administrator: true, node: settings().exalateUrl, signedInMs: Date.now() };
}
