import { ArrowDown, ArrowUp } from 'lucide-react';
import type { Metadata } from 'next';
import { Link } from '#/ui/primitives/link.tsx';
import { adminContext } from '#/server/session.ts';
import { listConnections } from '#/services/connection/list-connections.ts';
import { countQueue } from '#/services/queue/count-queue.ts';
import { listQueue, type QueueSort, queueSorts } from '#/services/queue/list-queue.ts';
import { type QueueTab, queueTabs } from '#/services/queue/tabs.ts';
import { EmptyState } from '#/ui/patterns/empty-state.tsx';
import { PageHeader } from '#/ui/patterns/page-header.tsx';
import { Pager } from '#/ui/patterns/pager.tsx';
import { RowDetails } from '#/ui/patterns/row-details.tsx';
import { buttonClass } from '#/ui/primitives/button.tsx';
import { LinkTabs, TabPanel } from '#/ui/primitives/link-tabs.tsx';
import { Lozenge } from '#/ui/primitives/lozenge.tsx';
import { Cell, Head, HeadRow, Row, RowHead, Table } from '#/ui/primitives/table.tsx';
import { Time } from '#/ui/primitives/time.tsx';
import { CsvLink } from '../_components/csv-link.tsx';
import { Guarded, load } from '../_components/guarded.tsx';
import { href, isUuid, one, oneOf, type SearchParams } from '../_components/search-params.ts';
import { QueueFilter } from './_components/queue-filter.tsx';
import { QueueItem } from './_components/queue-item.tsx';

export const metadata: Metadata = { title: 'Sync Queue' };

const tabLabels: Record<QueueTab, string> = {
  'outgoing-sync': 'Outgoing sync',
  'incoming-sync': 'Incoming sync',
  'outgoing-attachments': 'Outgoing attachments',
  'incoming-attachments': 'Incoming attachments',
};

/** What is stored, as people say it. Of a file the kind is its name. */
const words: Record<string, string> = {
  pending: 'Pending',
  sent: 'Sent',
  received: 'Received',
  error: 'Error',
  exalate: 'Exalate',
  connect: 'Connect',
  update: 'Update',
  ended: 'End of sync',
};

const columns: ReadonlyArray<{ sort: QueueSort; label: string }> = [
  { sort: 'id', label: 'ID' },
  { sort: 'number', label: 'Event Number' },
  { sort: 'status', label: 'Status' },
  { sort: 'connection', label: 'Connection' },
  { sort: 'kind', label: 'Sync type' },
  { sort: 'trace', label: 'Twin trace ID' },
];

export default async function QueuePage({ searchParams }: { searchParams: SearchParams }) {
  const [query, ctx] = await Promise.all([searchParams, adminContext()]);
  const tab = oneOf(query, 'tab', [...queueTabs] as [QueueTab, ...QueueTab[]]);
  const sort = queueSorts.find((name) => name === one(query, 'sort')) ?? 'id';
  const descending = one(query, 'dir') === 'desc';
  const filter = {
    connection: isUuid(one(query, 'connection')) ? one(query, 'connection') : '',
    local: one(query, 'local').trim(),
    remote: one(query, 'remote').trim(),
  };
  const cursor = one(query, 'cursor');
  const order = { sort: sort === 'id' && !descending ? '' : sort, dir: descending ? 'desc' : '' };
  const params = { tab, ...filter, ...order };
  const [counts, connections, queue] = await Promise.all([
    countQueue(ctx.db),
    listConnections(ctx),
    load(
      listQueue(ctx, {
        tab,
        sort,
        descending,
        ...(filter.connection ? { connectionId: filter.connection } : {}),
        ...(filter.local ? { localKey: filter.local } : {}),
        ...(filter.remote ? { remoteKey: filter.remote } : {}),
        ...(cursor ? { cursor } : {}),
      }),
    ),
  ]);
  const item = one(query, 'item');
  return (
    <>
      <PageHeader
        title="Sync Queue"
        text="What is in progress. Finished work leaves the queue by itself."
        actions={<CsvLink list="queue" params={params} />}
      />
      <LinkTabs
        label="Queues"
        current={tab}
        tabs={queueTabs.map((id) => ({
          id,
          label: tabLabels[id],
          count: counts[id],
          href: href('/queue', { ...params, tab: id }),
        }))}
      />
      <TabPanel current={tab}>
        <QueueFilter
          tab={tab}
          filter={filter}
          order={order}
          connections={connections.map(({ id, name }) => ({ id, name }))}
        />
        {isUuid(item) && (
          <RowDetails key={item}>
            <QueueItem tab={tab} id={item} closeHref={href('/queue', { ...params, cursor })} />
          </RowDetails>
        )}
        <Guarded loaded={queue}>
          {({ rows, nextCursor }) =>
            rows.length === 0 ? (
              <EmptyState
                title="Nothing in this queue"
                text={
                  filter.connection || filter.local || filter.remote
                    ? 'Nothing that fits this filter is in progress.'
                    : 'Everything has been worked off.'
                }
                action={
                  <Link
                    href={filter.connection || filter.local || filter.remote ? `/queue?tab=${tab}` : '/status'}
                    className={buttonClass('default')}
                  >
                    {filter.connection || filter.local || filter.remote ? 'Show all' : 'See all pairs'}
                  </Link>
                }
              />
            ) : (
              <>
                <Table label={tabLabels[tab]}>
                  <HeadRow>
                    {columns.map((column) => {
                      const current = column.sort === sort;
                      const nextDescending = current && !descending;
                      return (
                        <Head
                          key={column.sort}
                          aria-sort={current ? (descending ? 'descending' : 'ascending') : undefined}
                        >
                          <Link
                            href={href('/queue', { ...params, sort: column.sort, dir: nextDescending ? 'desc' : '' })}
                            scroll={false}
                            className="inline-flex items-center gap-1 hover:text-ink"
                          >
                            {column.label}
                            {current &&
                              (descending ? (
                                <ArrowDown aria-hidden className="size-3" />
                              ) : (
                                <ArrowUp aria-hidden className="size-3" />
                              ))}
                          </Link>
                        </Head>
                      );
                    })}
                    <Head>Issues</Head>
                    <Head>Since</Head>
                  </HeadRow>
                  <tbody>
                    {rows.map((row) => (
                      <Row key={row.id}>
                        <RowHead className="max-w-32 truncate">
                          <Link
                            href={href('/queue', { ...params, cursor, item: row.id })}
                            scroll={false}
                            className="text-link hover:underline"
                          >
                            {row.seq}
                          </Link>
                        </RowHead>
                        <Cell className="tabular-nums">{row.number}</Cell>
                        <Cell>
                          <Lozenge
                            tone={row.status === 'error' ? 'danger' : row.status === 'pending' ? 'neutral' : 'info'}
                          >
                            {words[row.status] ?? row.status}
                          </Lozenge>
                        </Cell>
                        <Cell className="max-w-48 break-words">{row.connection.name}</Cell>
                        <Cell className="max-w-48 break-words">
                          {tab.endsWith('sync') ? (words[row.kind] ?? row.kind) : row.kind}
                        </Cell>
                        <Cell className="font-mono text-xs">{row.trace.slice(0, 8)}</Cell>
                        <Cell className="whitespace-nowrap">
                          {row.localKey ?? '–'} / {row.remoteKey ?? '–'}
                        </Cell>
                        <Cell>
                          <Time at={row.at.toISOString()} />
                        </Cell>
                      </Row>
                    ))}
                  </tbody>
                </Table>
                <Pager
                  first={cursor === '' ? null : href('/queue', params)}
                  next={nextCursor === null ? null : href('/queue', { ...params, cursor: nextCursor })}
                  nextLabel="More"
                />
              </>
            )
          }
        </Guarded>
      </TabPanel>
    </>
  );
}
