import { randomUUID } from 'node:crypto';
import type { Metadata } from 'next';
import { defaultRules } from '#/services/settings/default-rules.ts';
import { ConnectionsView } from '../_components/connections-view.tsx';
import { RulesView } from '../_components/rules-view.tsx';
import { InitiateWizard } from './_components/initiate-wizard.tsx';

export const metadata: Metadata = { title: 'Initiate connection' };

export default function InitiatePage() {
  return (
    <>
      <ConnectionsView />
      <InitiateWizard draftId={randomUUID()} rules={<RulesView rules={defaultRules()} level="h4" />} />
    </>
  );
}
