import type { Metadata } from 'next';
import { requireAdmin } from '#/server/session.ts';
import { Later } from '../_components/later.tsx';

export const metadata: Metadata = { title: 'Bulk Connect' };

export default async function BulkConnectPage() {
  await requireAdmin();
  return (
    <Later
      title="Bulk Connect"
      text="Bulk Connect pairs issues that exist on both sides already, from a CSV file. It comes with a later release. Until then, issues are paired when they are exalated: the other side gets a new issue."
      link={{ href: '/status', label: 'Put an issue under sync' }}
    />
  );
}
