import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { loadNodeSettings } from '#/env.ts';
import { currentSession, jiraConfigured } from '#/server/session.ts';
import { safePath } from '#/server/paths.ts';
import { SignInForm } from './_components/sign-in-form.tsx';

export const metadata: Metadata = { title: 'Sign in' };

export default async function LoginPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  if (!jiraConfigured()) redirect('/setup');
  const { callbackUrl, method } = await searchParams;
  const target = safePath(typeof callbackUrl === 'string' ? callbackUrl : null);
  if (await currentSession()) redirect(target);
  const { jira, nodeName } = loadNodeSettings();
  return (
    <SignInForm
      nodeName={nodeName ?? 'this node'}
      jiraUrl={jira?.baseUrl ?? ''}
      callbackUrl={target}
      method={method === 'token' ? 'token' : 'basic'}
    />
  );
}
