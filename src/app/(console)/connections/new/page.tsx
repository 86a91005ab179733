import { randomUUID } from 'node:crypto';
import type { Metadata } from 'next';
import { adminContext } from '#/server/session.ts';
import { listConnections } from '#/services/connection/list-connections.ts';
import { defaultRules } from '#/services/settings/default-rules.ts';
import { ConnectionsView } from '../_components/connections-view.tsx';
import { RulesView } from '../_components/rules-view.tsx';
import { InitiateWizard } from './_components/initiate-wizard.tsx';

export const metadata: Metadata = { title: 'Initiate connection' };

export default async function InitiatePage() {
  const connections = await listConnections(await adminContext());
  return (
    <>
      <ConnectionsView />
      <InitiateWizard
        draftId={randomUUID()}
        active={connections.filter(({ status }) => status === 'active').map(({ id }) => id)}
        rules={<RulesView rules={defaultRules()} level="h4" />}
      />
    </>
  );
}
