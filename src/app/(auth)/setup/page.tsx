import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { jiraConfigured } from '#/server/session.ts';
import { SetupForm } from './_components/setup-form.tsx';

export const metadata: Metadata = { title: 'Set up' };
export const dynamic = 'force-dynamic';

export default async function SetupPage() {
  if (await jiraConfigured()) redirect('/login');
  return (
    <main className="w-full max-w-[40rem] space-y-4 rounded-md border border-line bg-surface px-6 py-6 shadow-raised">
      <h1 className="text-xl font-semibold">Attach this node to your Jira</h1>
      <p>
        One node works for one Jira. It does so as the <em>proxy user</em>, an account of yours that may browse, create
        and edit issues in the projects to be synced. Afterwards every administrator of that Jira can sign in here.
      </p>
      <SetupForm />
      <p className="text-sm text-subtle">
        The same can be set in the environment of the node, with JIRA_URL and JIRA_TOKEN (or JIRA_USERNAME and
        JIRA_PASSWORD), which then wins over what is entered here.
      </p>
    </main>
  );
}
