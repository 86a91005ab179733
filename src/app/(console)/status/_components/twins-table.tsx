import { Link } from '#/ui/primitives/link.tsx';
import type { TwinRow } from '#/services/twin/list-twins.ts';
import { EmptyState } from '#/ui/patterns/empty-state.tsx';
import { ExternalLink } from '#/ui/patterns/external-link.tsx';
import { Pager } from '#/ui/patterns/pager.tsx';
import { TwinStatus } from '#/ui/patterns/status.tsx';
import { buttonClass } from '#/ui/primitives/button.tsx';
import { ActionsCell, ActionsHead, Cell, Head, HeadRow, Row, RowHead, Table } from '#/ui/primitives/table.tsx';
import { Time } from '#/ui/primitives/time.tsx';
import { href } from '../../_components/search-params.ts';
import { TwinActions } from './twin-actions.tsx';

export interface TwinsTableProps {
  rows: readonly TwinRow[];
  nextCursor: string | null;
  params: Record<'key' | 'connection' | 'status' | 'cursor', string>;
  /** The twin whose details are shown. */
  current: string;
}

export function TwinsTable({ rows, nextCursor, params, current }: TwinsTableProps) {
  if (rows.length === 0)
    return (
      <EmptyState
        title="No issues under sync"
        text={
          params.status || params.connection
            ? 'None fits this filter.'
            : 'Put your first issue under sync: search for its key, or open a connection.'
        }
        action={
          <Link
            href={params.status || params.connection ? '/status' : '/connections'}
            className={buttonClass('primary')}
          >
            {params.status || params.connection ? 'Show all' : 'Set up a connection'}
          </Link>
        }
      />
    );
  return (
    <div>
      <Table label="Issues under sync">
        <HeadRow>
          <Head>Issue</Head>
          <Head>Status</Head>
          <Head>Remote issue</Head>
          <Head>Connection</Head>
          <Head>Last sync in</Head>
          <Head>Last sync out</Head>
          <ActionsHead />
        </HeadRow>
        <tbody>
          {rows.map((row) => (
            <Row key={row.twinId} className={row.twinId === current ? 'bg-selected' : undefined}>
              <RowHead className="whitespace-nowrap">
                {row.local ? <ExternalLink href={row.local.url}>{row.local.key}</ExternalLink> : 'Not there yet'}
              </RowHead>
              <Cell className="max-w-64">
                <TwinStatus label={row.status} />
                {row.error && (
                  <Link href="/errors" className="mt-1 block text-xs text-danger-ink hover:underline">
                    {row.error}
                  </Link>
                )}
              </Cell>
              <Cell className="whitespace-nowrap">
                {row.remote ? (
                  <ExternalLink href={row.remote.url}>{row.remote.key}</ExternalLink>
                ) : (
                  <span className="text-faint">Not there yet</span>
                )}
              </Cell>
              <Cell className="max-w-56 min-w-32 break-words">
                <Link href={`/connections/${row.connection.id}`} className="text-link hover:underline">
                  {row.connection.name}
                </Link>
              </Cell>
              <Cell>
                <Time at={row.lastSyncIn?.toISOString() ?? null} />
              </Cell>
              <Cell>
                <Time at={row.lastSyncOut?.toISOString() ?? null} />
              </Cell>
              <ActionsCell>
                <Link
                  href={href('/status', { ...params, twin: row.twinId })}
                  scroll={false}
                  className={buttonClass('link', true)}
                >
                  Details<span className="sr-only"> of {row.local?.key ?? row.remote?.key}</span>
                </Link>
                {row.status !== 'Not under sync' && (
                  <TwinActions
                    twinId={row.twinId}
                    issueKey={row.local?.key ?? row.remote?.key ?? 'this issue'}
                    complete={row.local !== null && row.remote !== null}
                  />
                )}
              </ActionsCell>
            </Row>
          ))}
        </tbody>
      </Table>
      <Pager
        first={params.cursor === '' ? null : href('/status', { ...params, cursor: null })}
        next={nextCursor === null ? null : href('/status', { ...params, cursor: nextCursor })}
      />
    </div>
  );
}
