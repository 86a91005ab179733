import { randomUUID } from 'node:crypto';
import type { Metadata } from 'next';
import { ConnectionsView } from '../_components/connections-view.tsx';
import { AcceptWizard } from './_components/accept-wizard.tsx';

export const metadata: Metadata = { title: 'Accept invitation' };

export default function AcceptPage() {
  return (
    <>
      <ConnectionsView />
      <AcceptWizard draftId={randomUUID()} />
    </>
  );
}
