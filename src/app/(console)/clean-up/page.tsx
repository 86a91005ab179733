import type { Metadata } from 'next';
import { requireAdmin } from '#/server/session.ts';
import { Later } from '../_components/later.tsx';

export const metadata: Metadata = { title: 'Clean-up Tools' };

export default async function CleanupToolsPage() {
  await requireAdmin();
  return (
    <Later
      title="Clean-up Tools"
      text="Clean-up ends the sync of one issue or of a whole connection. It comes with a later release. Until then, take single issues out of sync on Entity Sync Status with “Unexalate”, or delete a connection on Connections; issues and their content stay either way."
      link={{ href: '/status', label: 'See all pairs' }}
    />
  );
}
