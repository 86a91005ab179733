import type { Metadata } from 'next';
import { Link } from '#/ui/primitives/link.tsx';
import { adminContext } from '#/server/session.ts';
import { listErrors } from '#/services/error/list-errors.ts';
import { EmptyState } from '#/ui/patterns/empty-state.tsx';
import { PageHeader } from '#/ui/patterns/page-header.tsx';
import { Pager } from '#/ui/patterns/pager.tsx';
import { RowDetails } from '#/ui/patterns/row-details.tsx';
import { buttonClass } from '#/ui/primitives/button.tsx';
import { LinkTabs, TabPanel } from '#/ui/primitives/link-tabs.tsx';
import { Lozenge } from '#/ui/primitives/lozenge.tsx';
import { ActionsCell, ActionsHead, Cell, Head, HeadRow, Row, RowHead, Table } from '#/ui/primitives/table.tsx';
import { Time } from '#/ui/primitives/time.tsx';
import { CsvLink } from '../_components/csv-link.tsx';
import { Guarded, load } from '../_components/guarded.tsx';
import { href, isUuid, one, oneOf, type SearchParams } from '../_components/search-params.ts';
import { ErrorDetail } from './_components/error-detail.tsx';
import { RetryAll, RowActions } from './_components/error-actions.tsx';

export const metadata: Metadata = { title: 'Errors' };

export default async function ErrorsPage({ searchParams }: { searchParams: SearchParams }) {
  const [query, ctx] = await Promise.all([searchParams, adminContext()]);
  const show = oneOf(query, 'show', ['open', 'resolved']);
  const cursor = one(query, 'cursor');
  const current = isUuid(one(query, 'error')) ? one(query, 'error') : '';
  const errors = await load(listErrors(ctx, { resolved: show === 'resolved', ...(cursor === '' ? {} : { cursor }) }));
  const params = { show: show === 'open' ? '' : show };
  return (
    <>
      <PageHeader
        title="Errors"
        text="What could not be synchronized, why, and what to do. Equal errors of an issue, a connection or this node are one row with their count."
        actions={
          errors.ok && errors.value.rows.length > 0 ? (
            <>
              <CsvLink list="errors" params={params} />
              {show === 'open' && <RetryAll />}
            </>
          ) : undefined
        }
      />
      <LinkTabs
        label="Which errors"
        current={show}
        tabs={[
          { id: 'open', label: 'Open', href: '/errors' },
          { id: 'resolved', label: 'Resolved', href: '/errors?show=resolved' },
        ]}
      />
      <TabPanel current={show}>
        {current !== '' && (
          <RowDetails key={current}>
            <ErrorDetail id={current} closeHref={href('/errors', { ...params, cursor })} />
          </RowDetails>
        )}
        <Guarded loaded={errors}>
          {({ rows, nextCursor }) =>
            rows.length === 0 ? (
              <EmptyState
                title={show === 'open' ? 'No open errors' : 'No resolved errors'}
                text={
                  show === 'open'
                    ? 'What stops an issue, a connection or this node appears here, whichever side it happens on.'
                    : 'Errors appear here once they are resolved, by hand or because the next try succeeded.'
                }
                action={
                  <Link href="/status" className={buttonClass('default')}>
                    See all pairs
                  </Link>
                }
              />
            ) : (
              <>
                <Table label="Errors">
                  <HeadRow>
                    <Head>Summary</Head>
                    <Head>Impact</Head>
                    <Head>Where</Head>
                    <Head>Time</Head>
                    <Head className="text-right">Count</Head>
                    <ActionsHead />
                  </HeadRow>
                  <tbody>
                    {rows.map((row) => (
                      <Row key={row.id} className={row.id === current ? 'bg-selected' : undefined}>
                        <RowHead className="max-w-96 min-w-48 break-words">
                          <Link
                            href={href('/errors', { ...params, cursor, error: row.id })}
                            scroll={false}
                            className="text-link hover:underline"
                          >
                            {row.summary}
                          </Link>
                          <p className="text-sm font-normal text-subtle">{row.why}</p>
                        </RowHead>
                        <Cell>
                          <Lozenge tone={row.impact === 'Warning' ? 'warning' : 'danger'}>{row.impact}</Lozenge>
                        </Cell>
                        <Cell className="max-w-56 break-words">
                          {[row.twin?.key, row.connection?.name].filter(Boolean).join(', ') || 'This node'}
                        </Cell>
                        <Cell>
                          <Time at={row.lastAt.toISOString()} />
                        </Cell>
                        <Cell className="text-right tabular-nums">{row.count}</Cell>
                        <ActionsCell>{row.resolvedAt === null && <RowActions id={row.id} />}</ActionsCell>
                      </Row>
                    ))}
                  </tbody>
                </Table>
                <Pager
                  first={cursor === '' ? null : href('/errors', params)}
                  next={nextCursor === null ? null : href('/errors', { ...params, cursor: nextCursor })}
                />
              </>
            )
          }
        </Guarded>
      </TabPanel>
    </>
  );
}
