import { Link } from '#/ui/primitives/link.tsx';
import type { ConnectionRow } from '#/services/connection/list-connections.ts';
import { ExternalLink } from '#/ui/patterns/external-link.tsx';
import { ConnectionStatus } from '#/ui/patterns/status.tsx';
import { ActionsCell, ActionsHead, Cell, Head, HeadRow, Row, RowHead, Table } from '#/ui/primitives/table.tsx';
import { Time } from '#/ui/primitives/time.tsx';
import { modeLabel, statusLabels, typeLabels } from './labels.ts';
import { RowMenu } from './row-menu.tsx';

/** `nowMs` decides which invitations have expired. */
export function ConnectionsTable({ connections, nowMs }: { connections: readonly ConnectionRow[]; nowMs: number }) {
  return (
    <Table label="Connections">
      <HeadRow>
        <Head>Name</Head>
        <Head className="max-md:hidden">Partner</Head>
        <Head className="max-md:hidden">Type</Head>
        <Head className="max-md:hidden">Mode</Head>
        <Head className="max-md:hidden">Local project</Head>
        <Head>Status</Head>
        <Head className="text-right max-md:hidden">Issues under sync</Head>
        <Head className="max-md:hidden">Last sync</Head>
        <ActionsHead />
      </HeadRow>
      <tbody>
        {connections.map((connection) => (
          <ConnectionTableRow key={connection.id} connection={connection} nowMs={nowMs} />
        ))}
      </tbody>
    </Table>
  );
}

function ConnectionTableRow({ connection, nowMs }: { connection: ConnectionRow; nowMs: number }) {
  const { id, name, partner, type, mode, project, status, statusDetail, partnerDeactivated, underSync, lastSync } =
    connection;
  const deleting = status === 'deleting';
  return (
    <Row className={status === 'deactivated' || deleting ? 'bg-sunken' : undefined}>
      <RowHead className="max-w-72 min-w-28 break-words">
        {deleting ? (
          name
        ) : (
          <Link href={`/connections/${id}`} className="text-link hover:underline">
            {name}
          </Link>
        )}
      </RowHead>
      <Cell className="max-w-56 min-w-32 break-words max-md:hidden">
        {partner.name === null ? (
          <span className="text-faint">Not known yet</span>
        ) : partner.url === null ? (
          partner.name
        ) : (
          <ExternalLink href={partner.url}>{partner.name}</ExternalLink>
        )}
      </Cell>
      <Cell className="max-md:hidden">{typeLabels[type]}</Cell>
      <Cell className="max-md:hidden">{modeLabel(mode)}</Cell>
      <Cell className="max-w-48 min-w-28 break-words max-md:hidden">
        {project.name} ({project.key})
      </Cell>
      <Cell className="max-w-56">
        <ConnectionStatus label={statusLabels[status]} />
        {(statusDetail ?? (partnerDeactivated ? 'The partner deactivated its end.' : null)) && (
          <span className="mt-1 block text-xs text-subtle">{statusDetail ?? 'The partner deactivated its end.'}</span>
        )}
      </Cell>
      <Cell className="text-right tabular-nums max-md:hidden">
        {underSync > 0 && !deleting ? (
          <Link href={`/status?connection=${id}`} className="text-link hover:underline">
            {underSync.toLocaleString('en')}
          </Link>
        ) : (
          underSync.toLocaleString('en')
        )}
      </Cell>
      <Cell className="max-md:hidden">
        <Time at={lastSync?.toISOString() ?? null} />
      </Cell>
      <ActionsCell>
        {status !== 'deleting' && (
          <RowMenu
            connection={{
              id,
              name,
              status,
              underSync,
              invitation:
                connection.invitation === null
                  ? null
                  : { dead: connection.invitation.revoked || connection.invitation.expiresAt.getTime() < nowMs },
            }}
          />
        )}
      </ActionsCell>
    </Row>
  );
}
