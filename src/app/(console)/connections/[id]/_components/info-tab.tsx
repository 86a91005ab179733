import type { ConnectionDetails } from '#/services/connection/get-connection.ts';
import { ExternalLink } from '#/ui/patterns/external-link.tsx';
import { Fact, Facts, Section } from '#/ui/patterns/section.tsx';
import { modeLabel, typeLabels } from '../../_components/labels.ts';
import { ChannelKey } from './channel-key.tsx';
import { RenameForm } from './rename-form.tsx';

export function InfoTab({ connection }: { connection: ConnectionDetails }) {
  const { id, name, description, type, mode, createdBy, createdAt, activatedAt, nodes, invitation } = connection;
  return (
    <div className="grid items-start gap-5 lg:grid-cols-2">
      <div className="space-y-5">
        <Section title="This connection">
          <RenameForm id={id} name={name} description={description} />
          <hr className="my-4 border-line" />
          <Facts>
            <Fact name="Type">{typeLabels[type]}</Fact>
            <Fact name="Mode">{modeLabel(mode)}</Fact>
            <Fact name="Created">
              {createdAt.toLocaleString('en-GB', { timeZone: 'UTC', dateStyle: 'medium', timeStyle: 'short' })} UTC, by{' '}
              {createdBy}
            </Fact>
            <Fact name="Active since">
              {activatedAt === null
                ? 'Not yet'
                : `${activatedAt.toLocaleString('en-GB', { timeZone: 'UTC', dateStyle: 'medium', timeStyle: 'short' })} UTC`}
            </Fact>
            {invitation && !invitation.used && (
              <Fact name="Invitation">
                {invitation.revoked
                  ? 'Revoked'
                  : `Good until ${invitation.expiresAt.toLocaleString('en-GB', { timeZone: 'UTC', dateStyle: 'medium', timeStyle: 'short' })} UTC`}
              </Fact>
            )}
          </Facts>
        </Section>
        {connection.channelKeyState && (
          <ChannelKey id={id} state={connection.channelKeyState} activatedAt={activatedAt} />
        )}
      </div>
      <div className="space-y-5">
        <NodeSection title="This node" node={nodes.own} />
        <NodeSection title="Partner node" node={nodes.partner} />
      </div>
    </div>
  );
}

function NodeSection({ title, node }: { title: string; node: ConnectionDetails['nodes']['partner'] }) {
  if (node === null)
    return (
      <Section title={title}>
        <p className="text-subtle">It becomes known when the invitation is accepted.</p>
      </Section>
    );
  return (
    <Section title={title}>
      <Facts>
        <Fact name="Name">{node.name}</Fact>
        <Fact name="Exalate URL">
          <ExternalLink href={node.callbackUrl}>{node.callbackUrl}</ExternalLink>
        </Fact>
        <Fact name="Jira">
          {node.issueTrackerUrl ? (
            <ExternalLink href={node.issueTrackerUrl}>{node.issueTrackerUrl}</ExternalLink>
          ) : (
            'None'
          )}
        </Fact>
        <Fact name="Jira version">{node.issueTrackerVersion ?? 'Unknown'}</Fact>
        <Fact name="Node version">{node.nodeVersion}</Fact>
        <Fact name="Private node">{node.pollOnly ? 'Yes' : 'No'}</Fact>
        <Fact name="Unique ID">
          <code className="font-mono text-xs break-all">{node.instanceUid}</code>
        </Fact>
      </Facts>
    </Section>
  );
}
