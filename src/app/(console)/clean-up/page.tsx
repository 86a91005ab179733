import type { Metadata } from 'next';
import { adminContext } from '#/server/session.ts';
import { listRuns } from '#/services/bulk/list-runs.ts';
import { cleanUpPreview } from '#/services/clean-up/clean-up-preview.ts';
import { listConnections } from '#/services/connection/list-connections.ts';
import { PageHeader } from '#/ui/patterns/page-header.tsx';
import { LinkTabs, TabPanel } from '#/ui/primitives/link-tabs.tsx';
import { Guarded, load } from '../_components/guarded.tsx';
import { Runs } from '../_components/runs.tsx';
import { isUuid, one, oneOf, type SearchParams } from '../_components/search-params.ts';
import { CleanUpForm } from './_components/clean-up-form.tsx';
import { CleanUpResult } from './_components/clean-up-result.tsx';

export const metadata: Metadata = { title: 'Clean-up Tools' };

export default async function CleanUpPage({ searchParams }: { searchParams: SearchParams }) {
  const [query, ctx] = await Promise.all([searchParams, adminContext()]);
  const by = oneOf(query, 'by', ['issue', 'connection']);
  const issueKey = one(query, 'key').trim();
  const connectionId = isUuid(one(query, 'connection')) ? one(query, 'connection') : '';
  const asked =
    by === 'issue' ? (issueKey === '' ? null : { issueKey }) : connectionId === '' ? null : { connectionId };
  const [connections, runs, preview] = await Promise.all([
    listConnections(ctx),
    listRuns(ctx, { kind: 'clean_up' }),
    asked === null ? null : load(cleanUpPreview(ctx, asked)),
  ]);
  const connection = by === 'connection' ? connections.find(({ id }) => id === connectionId) : undefined;
  return (
    <>
      <PageHeader
        title="Clean-up Tools"
        text="Ends the sync of an issue or of a whole connection, and forgets what belonged together. Issues and their content stay on both sides."
      />
      <LinkTabs
        label="What to clean up"
        current={by}
        tabs={[
          { id: 'issue', label: 'By issue', href: '/clean-up' },
          { id: 'connection', label: 'By connection', href: '/clean-up?by=connection' },
        ]}
      />
      <TabPanel current={by}>
        <div className="space-y-5">
          <CleanUpForm
            by={by}
            issueKey={issueKey}
            connectionId={connectionId}
            connections={connections.map(({ id, name }) => ({ id, name }))}
          />
          {preview !== null && (
            <Guarded loaded={preview}>
              {(value) => (
                <CleanUpResult
                  preview={value}
                  subject={by === 'issue' ? issueKey.toUpperCase() : (connection?.name ?? 'this connection')}
                  connection={connection === undefined ? null : { id: connection.id, name: connection.name }}
                />
              )}
            </Guarded>
          )}
          <Runs runs={runs} nowMs={ctx.clock.now()} />
        </div>
      </TabPanel>
    </>
  );
}
