'use client';
import { useState } from 'react';
import { counted } from '#/ui/duration.ts';
import { Button } from '#/ui/primitives/button.tsx';
import { Checkbox } from '#/ui/primitives/checkbox.tsx';
import { Lozenge } from '#/ui/primitives/lozenge.tsx';
import { Cell, Head, HeadRow, Row, RowHead, Table } from '#/ui/primitives/table.tsx';
import type { Preview } from './requests.ts';

const pageSize = 100;
const delimiters = { ',': 'commas', ';': 'semicolons', '\t': 'tabs' } as const;

export interface PreviewTableProps {
  preview: Preview;
  pending: boolean;
  /** With the lines that are good. */
  onConnect: (rows: Preview['rows']) => void;
}

/** Every line of the file with what is wrong with it, and the button that connects the good ones. */
export function PreviewTable({ preview, pending, onConnect }: PreviewTableProps) {
  const { rows, good, bad, delimiter, header } = preview;
  const [onlyErrors, setOnlyErrors] = useState(false);
  const [shown, setShown] = useState(pageSize);
  const listed = onlyErrors ? rows.filter((row) => row.problem !== null) : rows;
  return (
    <section aria-label="Preview" className="space-y-3">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div>
          <h2 className="font-semibold">Preview</h2>
          <p className="text-sm text-subtle">
            {counted(rows.length, 'line')} with {delimiters[delimiter]}
            {header ? ' and a header' : ''}: {good.toLocaleString('en')} can be connected, {bad.toLocaleString('en')}{' '}
            cannot. The keys of the other side are checked there, when they are connected.
          </p>
        </div>
        <Button
          look="primary"
          pending={pending}
          disabled={good === 0}
          onClick={() => onConnect(rows.filter((row) => row.problem === null))}
        >
          Connect {counted(good, 'pair')}
        </Button>
      </div>
      {bad > 0 && (
        <Checkbox checked={onlyErrors} onChange={setOnlyErrors}>
          Only errors
        </Checkbox>
      )}
      <Table label="Lines">
        <HeadRow>
          <Head className="text-right">Line</Head>
          <Head>Local key</Head>
          <Head>Remote key</Head>
          <Head>Status</Head>
        </HeadRow>
        <tbody>
          {listed.slice(0, shown).map((row) => (
            <Row key={row.line}>
              <RowHead className="w-16 text-right tabular-nums">{row.line}</RowHead>
              <Cell className="max-w-48 break-words">
                {row.localKey}
                {row.localKeyNow !== undefined && <span className="text-subtle"> (now {row.localKeyNow})</span>}
              </Cell>
              <Cell className="max-w-48 break-words">{row.remoteKey}</Cell>
              <Cell>
                {row.problem === null ? (
                  <Lozenge tone="success">Good</Lozenge>
                ) : (
                  <>
                    <Lozenge tone="danger">Error</Lozenge> <span className="break-words">{row.problem}</span>
                  </>
                )}
              </Cell>
            </Row>
          ))}
        </tbody>
      </Table>
      {listed.length > shown && (
        <p className="flex flex-wrap items-center gap-3 text-sm text-subtle">
          {shown.toLocaleString('en')} of {counted(listed.length, 'line')} are shown.
          <Button compact onClick={() => setShown(shown + 10 * pageSize)}>
            Show more
          </Button>
        </p>
      )}
    </section>
  );
}
