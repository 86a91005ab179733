'use server';
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { startSession } from '#/server/auth.ts';
import { clientAddress } from '#/server/client-address.ts';
import { readyContext, verifyJiraCredentials } from '#/server/container.ts';
import { safePath } from '#/server/paths.ts';
import { knownProblem, notReady, unexpected } from '#/server/problem.ts';
import { signInCredentialsSchema } from '#/services/sign-in/schemas.ts';
import { signIn } from '#/services/sign-in/sign-in.ts';
import type { Problem } from '#/ui/problem.ts';

export interface SignInState {
  /** The form that was sent. */
  kind: 'basic' | 'token';
  problem: Problem | null;
  /** Shown again after a refusal; a password or token never is. */
  username: string;
}

/** Checks the credentials against Jira and starts a session. The one action that needs no session before. */
export async function signInAction(_: SignInState, form: FormData): Promise<SignInState> {
  const username = String(form.get('username') ?? '');
  const kind = form.get('kind') === 'token' ? 'token' : 'basic';
  const parsed = signInCredentialsSchema.safeParse({
    kind,
    username,
    password: form.get('password'),
    token: form.get('token'),
  });
  if (!parsed.success) {
    const long = parsed.error.issues.some(({ code }) => code === 'too_big');
    return { kind, username, problem: long ? tooLong : missing(kind === 'token') };
  }
  const context = await readyContext();
  if (context === null) return { kind, username, problem: notReady };
  try {
    const address = clientAddress(await headers(), context.node.exalateUrl);
    await startSession(await signIn(context, { credentials: parsed.data, address, verify: verifyJiraCredentials }));
  } catch (error) {
    const known = knownProblem(error);
    if (known === null) context.logger.error({ err: error }, 'sign-in failed');
    return { kind, username, problem: known ?? unexpected };
  }
  redirect(safePath(String(form.get('callbackUrl') ?? '')));
}

const tooLong: Problem = {
  summary: 'What was entered is too long.',
  why: 'No Jira account or token has so many characters.',
  remedy: 'Check what was pasted, and enter it again.',
  field: null,
};

function missing(token: boolean): Problem {
  return token
    ? {
        summary: 'The token is missing.',
        why: 'Jira needs it to know who you are.',
        remedy: 'Paste a personal access token.',
        field: 'token',
      }
    : {
        summary: 'User name or password is missing.',
        why: 'Jira needs both to know who you are.',
        remedy: 'Fill in both fields.',
        field: null,
      };
}
