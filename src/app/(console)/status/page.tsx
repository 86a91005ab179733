import type { Metadata } from 'next';
import { adminContext } from '#/server/session.ts';
import { listConnections } from '#/services/connection/list-connections.ts';
import { listTwins } from '#/services/twin/list-twins.ts';
import { PageHeader } from '#/ui/patterns/page-header.tsx';
import { RowDetails } from '#/ui/patterns/row-details.tsx';
import { ConnectButton } from '../_components/connect-button.tsx';
import { CsvLink } from '../_components/csv-link.tsx';
import { Guarded, load } from '../_components/guarded.tsx';
import { isUuid, one, type SearchParams } from '../_components/search-params.ts';
import { NotUnderSync } from './_components/not-under-sync.tsx';
import { StatusFilter } from './_components/status-filter.tsx';
import { twinStatusChoices } from './_components/twin-status-choices.ts';
import { TwinDetail } from './_components/twin-detail.tsx';
import { TwinsTable } from './_components/twins-table.tsx';

export const metadata: Metadata = { title: 'Entity Sync Status' };

export default async function StatusPage({ searchParams }: { searchParams: SearchParams }) {
  const [query, ctx] = await Promise.all([searchParams, adminContext()]);
  const key = one(query, 'key').trim();
  const connectionId = isUuid(one(query, 'connection')) ? one(query, 'connection') : '';
  const status = twinStatusChoices.find((choice) => choice.value === one(query, 'status'))?.value;
  const cursor = one(query, 'cursor');
  const twin = isUuid(one(query, 'twin')) ? one(query, 'twin') : '';
  const [connections, twins] = await Promise.all([
    listConnections(ctx),
    load(
      listTwins(ctx, {
        ...(key === '' ? {} : { key }),
        ...(connectionId === '' ? {} : { connectionId }),
        ...(status === undefined ? {} : { status }),
        ...(cursor === '' ? {} : { cursor }),
      }),
    ),
  ]);
  const active = connections.filter((row) => row.status === 'active').map(({ id, name }) => ({ id, name }));
  const filter = { key, connection: connectionId, status: status ?? '' };
  return (
    <>
      <PageHeader
        title="Entity Sync Status"
        text="Which issues are under sync, and how their sync goes. Search by the key they have here or on the other side."
        actions={
          <>
            {active.length > 0 && <ConnectButton connections={active} connectionId="" localKey={key.toUpperCase()} />}
            <CsvLink list="twins" params={filter} />
          </>
        }
      />
      <StatusFilter filter={filter} connections={connections.map(({ id, name }) => ({ id, name }))} />
      <div className="space-y-5">
        {twin !== '' && (
          <RowDetails key={twin}>
            <TwinDetail twinId={twin} closeParams={{ ...filter, cursor }} />
          </RowDetails>
        )}
        <Guarded loaded={twins}>
          {({ rows, nextCursor }) => (
            <>
              {(rows.length > 0 || key === '') && (
                <TwinsTable rows={rows} nextCursor={nextCursor} params={{ ...filter, cursor }} current={twin} />
              )}
              {key !== '' && (
                <NotUnderSync
                  issueKey={key.toUpperCase()}
                  connections={connections
                    .filter(
                      (connection) =>
                        connection.status === 'active' && (connectionId === '' || connection.id === connectionId),
                    )
                    .filter(
                      (connection) =>
                        !rows.some((row) => row.connection.id === connection.id && row.status !== 'Not under sync'),
                    )
                    .map(({ id, name, project }) => ({ id, name, projectKey: project.key }))}
                  anyFound={rows.length > 0}
                />
              )}
            </>
          )}
        </Guarded>
      </div>
    </>
  );
}
