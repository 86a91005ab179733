import type { AuditRow } from '#/services/audit/list-audit.ts';
import { Cell, Head, HeadRow, Row, RowHead, Table } from '#/ui/primitives/table.tsx';
import { Time } from '#/ui/primitives/time.tsx';

export function AuditTable({ rows }: { rows: readonly AuditRow[] }) {
  return (
    <Table label="Audit log">
      <HeadRow>
        <Head>Time</Head>
        <Head>Who</Head>
        <Head>What</Head>
        <Head>Details</Head>
      </HeadRow>
      <tbody>
        {rows.map((row) => (
          <Row key={row.id}>
            <Cell className="align-top">
              <Time at={row.at.toISOString()} />
            </Cell>
            <Cell className="max-w-40 align-top break-words">
              {row.actor.startsWith('partner:') ? 'The partner' : row.actor}
            </Cell>
            <RowHead className="max-w-80 min-w-40 align-top break-words">
              {row.what}
              {row.target !== '' && row.target !== 'node' && (
                <span className="block font-normal text-subtle">{row.target}</span>
              )}
            </RowHead>
            <Cell className="max-w-96 min-w-40 align-top">
              <ul className="text-sm break-words text-subtle">
                {row.details.map(({ name, value }) => (
                  <li key={name}>
                    {name}: {value}
                  </li>
                ))}
              </ul>
            </Cell>
          </Row>
        ))}
      </tbody>
    </Table>
  );
}
