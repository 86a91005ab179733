import type { Metadata } from 'next';
import { Link } from '#/ui/primitives/link.tsx';
import { adminContext } from '#/server/session.ts';
import { listRuns } from '#/services/bulk/list-runs.ts';
import { listConnections } from '#/services/connection/list-connections.ts';
import { EmptyState } from '#/ui/patterns/empty-state.tsx';
import { PageHeader } from '#/ui/patterns/page-header.tsx';
import { buttonClass } from '#/ui/primitives/button.tsx';
import { Guarded, load } from '../_components/guarded.tsx';
import { Runs } from '../_components/runs.tsx';
import { one, type SearchParams } from '../_components/search-params.ts';
import { BulkConnectForm } from './_components/bulk-connect-form.tsx';

export const metadata: Metadata = { title: 'Bulk Connect' };

export default async function BulkConnectPage({ searchParams }: { searchParams: SearchParams }) {
  const [query, ctx] = await Promise.all([searchParams, adminContext()]);
  const loaded = await load(Promise.all([listConnections(ctx), listRuns(ctx, { kind: 'connect' })]));
  const wanted = one(query, 'connection');
  return (
    <>
      <PageHeader
        title="Bulk Connect"
        text="Puts issues under sync that exist on both sides already, pair by pair, from a CSV file. Lines that fail never stop the others."
      />
      <Guarded loaded={loaded}>
        {([connections, runs]) => {
          const active = connections.filter(({ status }) => status === 'active').map(({ id, name }) => ({ id, name }));
          return (
            <div className="space-y-5">
              <Runs runs={runs} nowMs={ctx.clock.now()} />
              {active.length === 0 ? (
                <EmptyState
                  title="No active connection"
                  text="Issues can be connected over an active connection only."
                  action={
                    <Link href="/connections" className={buttonClass('primary')}>
                      Set up a connection
                    </Link>
                  }
                />
              ) : (
                <BulkConnectForm
                  connections={active}
                  connectionId={
                    active.find(({ id }) => id === wanted)?.id ?? (active.length === 1 ? (active[0]?.id ?? '') : '')
                  }
                />
              )}
            </div>
          );
        }}
      </Guarded>
    </>
  );
}
