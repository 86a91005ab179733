import type { CleanUpPreview } from '#/services/clean-up/clean-up-preview.ts';
import { counted } from '#/ui/duration.ts';
import { EmptyState } from '#/ui/patterns/empty-state.tsx';
import { ExternalLink } from '#/ui/patterns/external-link.tsx';
import { TwinStatus } from '#/ui/patterns/status.tsx';
import { Tile, Tiles } from '#/ui/patterns/tiles.tsx';
import { Note } from '#/ui/primitives/messages.tsx';
import { ActionsCell, ActionsHead, Cell, Head, HeadRow, Row, RowHead, Table } from '#/ui/primitives/table.tsx';
import { CsvLink } from '../../_components/csv-link.tsx';
import { CleanUpConnection, CleanUpPair } from './clean-up-buttons.tsx';

type PairRow = CleanUpPreview['pairs'][number];

export interface CleanUpResultProps {
  preview: CleanUpPreview;
  /** What was asked for, as people say it. */
  subject: string;
  /** Set for a clean-up by connection. */
  connection: { id: string; name: string } | null;
}

/** What is under sync and in progress, and the buttons that end it. */
export function CleanUpResult({ preview, subject, connection }: CleanUpResultProps) {
  const { underSync, outgoing, incoming, ended, activeTriggers, pairs } = preview;
  if (underSync === 0)
    return (
      <EmptyState
        title={`Nothing of ${subject} is under sync`}
        text={
          connection === null
            ? 'There is no pair with this key, here or on the other side.'
            : 'All of its pairs have ended, or there were none.'
        }
        action={
          connection !== null && ended > 0 ? (
            <CleanUpConnection connection={connection} pairs={0} queued={{ outgoing, incoming }} />
          ) : undefined
        }
      />
    );
  return (
    <div className="space-y-4">
      <Tiles>
        <Tile name="Pairs under sync" value={underSync.toLocaleString('en')} />
        <Tile name="Outgoing, in progress" value={outgoing.toLocaleString('en')} />
        <Tile name="Incoming, in progress" value={incoming.toLocaleString('en')} />
        <Tile name="Ended before" value={ended.toLocaleString('en')} />
      </Tiles>
      {activeTriggers > 0 && (
        <Note tone="warning">
          <p>
            {counted(activeTriggers, 'active trigger')} of{' '}
            {activeTriggers === 1 ? 'this connection' : 'these connections'} can put issues under sync again when they
            change. Deactivate {activeTriggers === 1 ? 'it' : 'them'} first if that is not wanted.
          </p>
        </Note>
      )}
      {connection !== null && (
        <div className="flex flex-wrap gap-2">
          <CleanUpConnection connection={connection} pairs={underSync} queued={{ outgoing, incoming }} />
          <CsvLink list="pairs" params={{ connection: connection.id }} label="Pairs under sync (CSV)" />
        </div>
      )}
      <Table label="Pairs under sync">
        <HeadRow>
          <Head>Issue</Head>
          <Head>Remote issue</Head>
          <Head>Connection</Head>
          <Head>Status</Head>
          <Head className="text-right">In progress</Head>
          <ActionsHead />
        </HeadRow>
        <tbody>
          {pairs.map((pair) => (
            <PairLine key={pair.twinId} pair={pair} />
          ))}
        </tbody>
      </Table>
      {underSync > pairs.length && (
        <p className="text-sm text-subtle">
          The first {pairs.length} of {counted(underSync, 'pair')} are shown; the CSV has all of them.
        </p>
      )}
    </div>
  );
}

function PairLine({ pair }: { pair: PairRow }) {
  const { local, remote, connection, status, outgoing, incoming } = pair;
  return (
    <Row>
      <RowHead className="whitespace-nowrap">
        {local ? <ExternalLink href={local.url}>{local.key}</ExternalLink> : 'Not there yet'}
      </RowHead>
      <Cell className="whitespace-nowrap">
        {remote ? (
          <ExternalLink href={remote.url}>{remote.key}</ExternalLink>
        ) : (
          <span className="text-faint">Not there yet</span>
        )}
      </Cell>
      <Cell className="max-w-56 min-w-32 break-words">{connection.name}</Cell>
      <Cell>
        <TwinStatus label={status} />
      </Cell>
      <Cell className="text-right tabular-nums">{outgoing + incoming}</Cell>
      <ActionsCell>
        <CleanUpPair
          twinId={pair.twinId}
          title={local?.key ?? remote?.key ?? 'this pair'}
          queued={{ outgoing, incoming }}
        />
      </ActionsCell>
    </Row>
  );
}
