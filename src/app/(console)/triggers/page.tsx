import type { Metadata } from 'next';
import { requireAdmin } from '#/server/session.ts';
import { Later } from '../_components/later.tsx';

export const metadata: Metadata = { title: 'Triggers' };

export default async function TriggersPage() {
  await requireAdmin();
  return (
    <Later
      title="Triggers"
      text="A trigger puts every issue that matches a JQL query under sync by itself. Until triggers come with a later release, put issues under sync by their key; from then on every change is synchronized."
      link={{ href: '/status', label: 'Put an issue under sync' }}
    />
  );
}
