import type { Metadata } from 'next';
import { Link } from '#/ui/primitives/link.tsx';
import { notFound } from 'next/navigation';
import { isNamed } from '#/server/problem.ts';
import { adminContext } from '#/server/session.ts';
import { connectionStatistics } from '#/services/dashboard/connection-statistics.ts';
import type { ServiceError } from '#/services/errors.ts';
import { type ConnectionDetails, getConnection } from '#/services/connection/get-connection.ts';
import type { ServiceContext } from '#/services/context.ts';
import { PageHeader } from '#/ui/patterns/page-header.tsx';
import { Pair, PairEnd } from '#/ui/patterns/pair.tsx';
import { ConnectionStatus } from '#/ui/patterns/status.tsx';
import { LinkTabs, TabPanel } from '#/ui/primitives/link-tabs.tsx';
import { Note } from '#/ui/primitives/messages.tsx';
import { isUuid, one, oneOf, type SearchParams } from '../../_components/search-params.ts';
import { modeLabel, statusLabels, typeLabels } from '../_components/labels.ts';
import { RulesView } from '../_components/rules-view.tsx';
import { ConnectionControls } from './_components/connection-controls.tsx';
import { FirstIssue } from './_components/first-issue.tsx';
import { InfoTab } from './_components/info-tab.tsx';
import { StatisticsTab } from './_components/statistics-tab.tsx';
import { TriggersTab } from './_components/triggers-tab.tsx';

export const metadata: Metadata = { title: 'Connection' };

const tabs = [
  { id: 'rules', label: 'Rules' },
  { id: 'triggers', label: 'Triggers' },
  { id: 'statistics', label: 'Statistics' },
  { id: 'info', label: 'Info' },
] as const;

export default async function ConnectionPage({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>;
  searchParams: SearchParams;
}) {
  const [{ id }, query, ctx] = await Promise.all([params, searchParams, adminContext()]);
  const connection = await find(ctx, id);
  const tab = oneOf(query, 'tab', ['rules', 'triggers', 'statistics', 'info', 'first-issue']);
  const statistics = await connectionStatistics(ctx, { connectionId: id });
  const { name, description, status, statusDetail, type, mode, nodes, partnerName } = connection;
  return (
    <>
      <PageHeader
        above={
          <Link href="/connections" className="text-link hover:underline">
            Back to the list
          </Link>
        }
        title={name}
        beside={<ConnectionStatus label={statusLabels[status]} />}
        text={description || undefined}
        actions={
          tab === 'first-issue' ? undefined : (
            <ConnectionControls
              connection={{
                id,
                name,
                description,
                status,
                underSync: statistics.issues,
                inviting: isInviting(connection, ctx.clock.now()),
              }}
            />
          )
        }
      />
      <div className="mb-5 space-y-3">
        <Pair
          here={
            <PairEnd label="This side" title={nodes.own.name}>
              {connection.projectName} ({connection.projectKey})
            </PairEnd>
          }
          there={
            <PairEnd
              label={`Partner, ${typeLabels[type].toLowerCase()} connection, ${modeLabel(mode)} mode`}
              title={partnerName ?? 'Not known yet'}
            >
              {connection.partnerProjectKey === null
                ? (connection.partnerJiraUrl ?? connection.partnerUrl ?? 'Waits for the invitation to be accepted')
                : `${connection.partnerProjectName ?? ''} (${connection.partnerProjectKey})`.trim()}
            </PairEnd>
          }
        />
        {statusDetail && (
          <Note tone="warning">
            <p>{statusDetail}</p>
          </Note>
        )}
        {connection.partnerDeactivated && (
          <Note tone="warning">
            <p>The partner deactivated its end: changes are kept here and sent when it is active again.</p>
          </Note>
        )}
      </div>
      {tab === 'first-issue' ? (
        <FirstIssue connection={connection} twinId={one(query, 'twin')} />
      ) : (
        <>
          <LinkTabs
            label="Connection"
            current={tab}
            tabs={tabs.map((entry) => ({ ...entry, href: `/connections/${id}?tab=${entry.id}` }))}
          />
          <TabPanel current={tab}>
            {tab === 'rules' && <RulesTab connection={connection} />}
            {tab === 'triggers' && <TriggersTab connectionId={connection.id} />}
            {tab === 'statistics' && <StatisticsTab statistics={statistics} />}
            {tab === 'info' && <InfoTab connection={connection} />}
          </TabPanel>
        </>
      )}
    </>
  );
}

function isInviting({ status, invitation }: ConnectionDetails, nowMs: number): boolean {
  if (status !== 'pending' || invitation === null) return false;
  return !invitation.used && !invitation.revoked && invitation.expiresAt.getTime() > nowMs;
}

async function find(ctx: ServiceContext, id: string): Promise<ConnectionDetails> {
  if (!isUuid(id)) notFound();
  try {
    return await getConnection(ctx, { id });
  } catch (error) {
    if (isNamed<ServiceError>(error, 'ServiceError') && error.code === 'not_found') notFound();
    throw error;
  }
}

function RulesTab({ connection }: { connection: ConnectionDetails }) {
  return (
    <div className="space-y-4">
      <Note title="The sync rules of a Basic connection cannot be changed">
        <p>
          Exalate generated them when the connection was made. To edit or delete sync rules, upgrade the connection to
          Visual or Script mode. This node supports Basic only: set up a new connection with Exalate itself for the
          other modes.
        </p>
      </Note>
      <RulesView rules={connection.rules} />
    </div>
  );
}
