import type { Metadata } from 'next';
import { Link } from '#/ui/primitives/link.tsx';
import { nodeSettings } from '#/env.ts';
import { adminContext } from '#/server/session.ts';
import { generalSettings } from '#/services/settings/general-settings.ts';
import { projectChecks } from '#/services/settings/project-checks.ts';
import { verifyStatus } from '#/services/verify/verify-status.ts';
import { ExternalLink } from '#/ui/patterns/external-link.tsx';
import { PageHeader } from '#/ui/patterns/page-header.tsx';
import { Fact, Facts, Section } from '#/ui/patterns/section.tsx';
import { buttonClass } from '#/ui/primitives/button.tsx';
import { Time } from '#/ui/primitives/time.tsx';
import { Checks, ProjectCheckList } from './_components/checks.tsx';
import { CopyField } from './_components/copy-field.tsx';
import { ProxyUserForm } from './_components/proxy-user-form.tsx';
import { NotificationSettings } from './_components/notifications.tsx';
import { RepairWebhook } from './_components/repair-webhook.tsx';
import { Verification } from './_components/verification.tsx';

export const metadata: Metadata = { title: 'General Settings' };

const webhookTexts: Record<string, string> = {
  registered: 'Registered in Jira: changes arrive within a second.',
  none: 'Not registered: changes are found by polling.',
  forbidden: 'Not registered: changes are found by polling.',
  failed: 'Could not be registered: changes are found by polling.',
};

export default async function SettingsPage() {
  const ctx = await adminContext();
  const [general, projects, verify] = await Promise.all([generalSettings(ctx), projectChecks(ctx), verifyStatus(ctx)]);
  const { jiraUrl, jiraVersion, proxyUser, checks, webhook, capturedAt } = general;
  const { pollIntervalSeconds, jira: jiraOfEnvironment } = nodeSettings();
  return (
    <>
      <PageHeader
        title="General Settings"
        text="What this node is and how it reaches its Jira. Apart from the notifications, these settings are given in the environment of the node; change them there and restart it."
        actions={
          <Link href="/audit" className={buttonClass('default')}>
            Audit log
          </Link>
        }
      />
      <div className="grid items-start gap-5 lg:grid-cols-2">
        <div className="space-y-5">
          <Section title="This node">
            <div className="mb-4">
              <CopyField
                label="Exalate URL"
                value={ctx.node.exalateUrl}
                hint="Give it to a partner as the destination instance URL."
              />
            </div>
            <Facts>
              <Fact name="Name">{ctx.node.name}</Fact>
              <Fact name="Private node">
                {ctx.node.pollOnly
                  ? 'Yes: it alone opens requests to partners (POLL_ONLY).'
                  : 'No: partners can reach it.'}
              </Fact>
              <Fact name="Node version">{ctx.node.version}</Fact>
              <Fact name="Unique ID">
                <code className="font-mono text-xs break-all">{ctx.node.instanceUid}</code>
              </Fact>
            </Facts>
          </Section>
          <Section title="Finding changes">
            <Facts>
              <Fact name="Webhook">
                <p>
                  {webhookTexts[webhook.state] ?? `State: ${webhook.state}.`} {webhook.detail}
                </p>
                {jiraUrl !== null && (
                  <div className="mt-2">
                    <RepairWebhook />
                  </div>
                )}
              </Fact>
              <Fact name="Polling">Every {pollIntervalSeconds} seconds (POLL_INTERVAL_SECONDS)</Fact>
              <Fact name="Last look">
                <Time at={capturedAt?.toISOString() ?? null} />
              </Fact>
            </Facts>
          </Section>
          <Verification status={verify} />
        </div>
        <div className="space-y-5">
          <Section title="Jira">
            <Facts>
              <Fact name="Jira URL">
                {jiraUrl === null ? 'Not set' : <ExternalLink href={jiraUrl}>{jiraUrl}</ExternalLink>}
              </Fact>
              <Fact name="Jira">{jiraVersion ?? 'Did not answer'}</Fact>
              <Fact name="Proxy user">
                <p>{proxyUser ?? 'Could not be read'}</p>
                {jiraOfEnvironment !== null && (
                  <p className="text-sm text-subtle">
                    Given by the environment of the node: to change it, set JIRA_TOKEN, or JIRA_USERNAME and
                    JIRA_PASSWORD, and restart.
                  </p>
                )}
              </Fact>
            </Facts>
            {jiraOfEnvironment === null && jiraUrl !== null && (
              <div className="mt-4">
                <ProxyUserForm />
              </div>
            )}
            <h3 className="mt-5 mb-2 font-semibold">Checked just now</h3>
            <Checks checks={checks} />
            <h3 className="mt-5 mb-2 font-semibold">Permissions of the proxy user, in the projects in use</h3>
            {projects.length === 0 ? (
              <p className="text-subtle">
                No connection uses a project yet; permissions are checked once there is one.
              </p>
            ) : (
              <div className="space-y-2">
                {projects.map((of) => (
                  <ProjectCheckList key={of.project.key} of={of} />
                ))}
              </div>
            )}
          </Section>
          <NotificationSettings />
        </div>
      </div>
    </>
  );
}
