import type { Metadata } from 'next';
import { ConnectionsView } from './_components/connections-view.tsx';

export const metadata: Metadata = { title: 'Connections' };

export default function ConnectionsPage() {
  return <ConnectionsView />;
}
