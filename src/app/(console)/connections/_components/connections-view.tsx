import { adminContext } from '#/server/session.ts';
import { listConnections } from '#/services/connection/list-connections.ts';
import { EmptyState } from '#/ui/patterns/empty-state.tsx';
import { PageHeader } from '#/ui/patterns/page-header.tsx';
import { ButtonLink } from '#/ui/primitives/button-link.tsx';
import { CsvLink } from '../../_components/csv-link.tsx';
import { ConnectionsTable } from './connections-table.tsx';

/** The Connections page; the wizards open over it. */
export async function ConnectionsView() {
  const ctx = await adminContext();
  const connections = await listConnections(ctx);
  return (
    <>
      <PageHeader
        title="Connections"
        text="Connection defines synchronization behavior, including communication details, sync rules, and scope."
        actions={
          <>
            <ButtonLink href="/connections/new" look="primary">
              Initiate connection
            </ButtonLink>
            <ButtonLink href="/connections/accept">Accept invitation</ButtonLink>
            {connections.length > 0 && <CsvLink list="connections" />}
          </>
        }
      />
      {connections.length > 0 ? (
        <ConnectionsTable connections={connections} nowMs={ctx.clock.now()} />
      ) : (
        <EmptyState
          title="No connections yet"
          text="Connect this Jira with another one, or two projects of this Jira with each other. If a partner sent you an invitation code, accept it instead."
        />
      )}
    </>
  );
}
