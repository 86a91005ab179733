/** Who asks, for pages: a page, a layout and everything they read go through {@link adminContext}. */
import { cache } from 'react';
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { attachedJira, getContext } from '#/server/container.ts';
import { asActor, type ServiceContext } from '#/services/context.ts';
import { type AdminSession, readSession } from './auth.ts';
import { pathHeader, safePath } from './paths.ts';

export const currentSession: () => Promise<AdminSession | null> = cache(readSession);

/** The session of this page's reader; without one the browser goes to the sign-in page and comes back afterwards. */
export const requireAdmin: () => Promise<AdminSession> = cache(async () => {
  const session = await currentSession();
  if (session !== null) return session;
  const path = safePath((await headers()).get(pathHeader));
  redirect(path === '/' ? '/login' : `/login?callbackUrl=${encodeURIComponent(path)}`);
});

/** The service context of the signed-in administrator. */
export const adminContext: () => Promise<ServiceContext> = cache(async () => {
  const { name, displayName } = await requireAdmin();
  return asActor(await getContext(), { kind: 'admin', name, displayName });
});

/** Whether a Jira is given, by the environment or on the set-up page. */
export async function jiraConfigured(): Promise<boolean> {
  return (await attachedJira()) !== null;
}
