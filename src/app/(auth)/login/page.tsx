import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { attachedJira } from '#/server/container.ts';
import { currentSession } from '#/server/session.ts';
import { safePath } from '#/server/paths.ts';
import { SignInForm } from './_components/sign-in-form.tsx';

export const metadata: Metadata = { title: 'Sign in' };

export default async function LoginPage({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const attached = await attachedJira();
  if (attached === null) redirect('/setup');
  const { callbackUrl, method } = await searchParams;
  const target = safePath(typeof callbackUrl === 'string' ? callbackUrl : null);
  if (await currentSession()) redirect(target);
  return (
    <SignInForm
      nodeName={attached.nodeName}
      jiraUrl={attached.jiraUrl}
      callbackUrl={target}
      method={method === 'token' ? 'token' : 'basic'}
    />
  );
}
