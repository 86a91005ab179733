import { Link } from '#/ui/primitives/link.tsx';
import type { TriggerRow } from '#/services/trigger/list-triggers.ts';
import { ActionsCell, ActionsHead, Cell, Head, HeadRow, Row, RowHead, Table } from '#/ui/primitives/table.tsx';
import { Lozenge } from '#/ui/primitives/lozenge.tsx';
import { TriggerActions, TriggerSwitch } from './trigger-actions.tsx';

export interface TriggersTableProps {
  triggers: readonly TriggerRow[];
  /** Active connections, to choose from. */
  connections: ReadonlyArray<{ id: string; name: string }>;
}

export function TriggersTable({ triggers, connections }: TriggersTableProps) {
  return (
    <Table label="Triggers">
      <HeadRow>
        <Head>Active</Head>
        <Head>If</Head>
        <Head className="max-md:hidden">Then sync with the connection</Head>
        <Head className="max-md:hidden">Notes</Head>
        <Head className="max-md:hidden">Created by</Head>
        <ActionsHead />
      </HeadRow>
      <tbody>
        {triggers.map((trigger) => (
          <Row key={trigger.id} className={trigger.active ? undefined : 'bg-sunken'}>
            <Cell>
              <TriggerSwitch trigger={{ id: trigger.id, jql: trigger.jql, active: trigger.active }} />
            </Cell>
            <RowHead className="max-w-96 min-w-28 font-mono text-sm font-normal break-words">
              {trigger.jql}
              <span className="mt-1 block font-sans text-xs text-subtle md:hidden">{trigger.connection.name}</span>
              {trigger.error && (
                <Link
                  href={`/errors?error=${trigger.error.id}`}
                  className="mt-1 block font-sans text-xs text-danger-ink hover:underline"
                >
                  This trigger does not work: see the error
                </Link>
              )}
            </RowHead>
            <Cell className="max-w-56 min-w-32 break-words max-md:hidden">
              <Link href={`/connections/${trigger.connection.id}?tab=triggers`} className="text-link hover:underline">
                {trigger.connection.name}
              </Link>
              {trigger.connection.status !== 'active' && (
                <span className="mt-1 block">
                  <Lozenge tone="warning">Connection is not active</Lozenge>
                </span>
              )}
            </Cell>
            <Cell className="max-w-56 break-words whitespace-pre-line text-subtle max-md:hidden">{trigger.notes}</Cell>
            <Cell className="max-md:hidden">{trigger.createdBy}</Cell>
            <ActionsCell>
              <TriggerActions
                trigger={{
                  id: trigger.id,
                  connectionId: trigger.connection.id,
                  connectionName: trigger.connection.name,
                  jql: trigger.jql,
                  notes: trigger.notes,
                  active: trigger.active,
                }}
                connections={connections}
              />
            </ActionsCell>
          </Row>
        ))}
      </tbody>
    </Table>
  );
}
