import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { jiraConfigured } from '#/server/session.ts';

export const metadata: Metadata = { title: 'Set up' };

const settings = [
  {
    name: 'JIRA_URL',
    text: 'Base URL of your Jira, with its context path if there is one, for instance https://jira.company.example/jira',
  },
  {
    name: 'JIRA_TOKEN',
    text: 'A personal access token of the proxy user, the account this node works with (Jira 8.14 or later)',
  },
  { name: 'JIRA_USERNAME, JIRA_PASSWORD', text: 'Instead of a token: the proxy user’s name and password' },
  { name: 'EXALATE_URL', text: 'The address under which partners and browsers reach this node' },
];

export default function SetupPage() {
  if (jiraConfigured()) redirect('/login');
  return (
    <main className="w-full max-w-[40rem] space-y-4 rounded-md border border-line bg-surface px-6 py-6 shadow-raised">
      <h1 className="text-xl font-semibold">This node is not attached to a Jira yet</h1>
      <p>
        Only administrators of the attached Jira may sign in, so it has to be set where only you can: in the environment
        of this node. Set these, then restart it.
      </p>
      <dl className="divide-y divide-line rounded-md border border-line">
        {settings.map(({ name, text }) => (
          <div key={name} className="px-4 py-3">
            <dt className="font-mono text-sm font-semibold">{name}</dt>
            <dd className="text-subtle">{text}</dd>
          </div>
        ))}
      </dl>
      <p className="text-subtle">
        The proxy user needs the Browse Projects, Create Issues, Edit Issues, Add Comments and Create Attachments
        permissions in the projects under sync. The full list of settings is in the operations manual,
        docs/operations.md.
      </p>
    </main>
  );
}
