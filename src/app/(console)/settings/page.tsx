import { CircleCheck, CircleHelp, CircleX } from 'lucide-react';
import type { Metadata } from 'next';
import { loadNodeSettings } from '#/env.ts';
import { adminContext } from '#/server/session.ts';
import { type Check, generalSettings } from '#/services/settings/general-settings.ts';
import { ExternalLink } from '#/ui/patterns/external-link.tsx';
import { PageHeader } from '#/ui/patterns/page-header.tsx';
import { Fact, Facts, Section } from '#/ui/patterns/section.tsx';
import { Time } from '#/ui/primitives/time.tsx';
import { CopyField } from './_components/copy-field.tsx';

export const metadata: Metadata = { title: 'General Settings' };

const webhookTexts: Record<string, string> = {
  registered: 'Registered in Jira: changes arrive within a second.',
  ok: 'Registered in Jira: changes arrive within a second.',
  none: 'Not registered: changes are found by polling.',
};

export default async function SettingsPage() {
  const ctx = await adminContext();
  const { jiraUrl, jiraVersion, proxyUser, checks, webhook, capturedAt } = await generalSettings(ctx);
  const { pollIntervalSeconds, smtpUrl } = loadNodeSettings();
  return (
    <>
      <PageHeader
        title="General Settings"
        text="What this node is and how it reaches its Jira. These settings are given in the environment of the node; change them there and restart it."
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
                {webhookTexts[webhook.state] ?? `State: ${webhook.state}.`} {webhook.detail}
              </Fact>
              <Fact name="Polling">Every {pollIntervalSeconds} seconds (POLL_INTERVAL_SECONDS)</Fact>
              <Fact name="Last look">
                <Time at={capturedAt?.toISOString() ?? null} />
              </Fact>
              <Fact name="E-mail">
                {smtpUrl === null
                  ? 'No mail server is set (SMTP_URL).'
                  : 'A mail server is set; notifications come with a later release.'}
              </Fact>
            </Facts>
          </Section>
        </div>
        <Section title="Jira">
          <Facts>
            <Fact name="Jira URL">
              {jiraUrl === null ? 'Not set' : <ExternalLink href={jiraUrl}>{jiraUrl}</ExternalLink>}
            </Fact>
            <Fact name="Jira">{jiraVersion ?? 'Did not answer'}</Fact>
            <Fact name="Proxy user">{proxyUser ?? 'Could not be read'}</Fact>
          </Facts>
          <h3 className="mt-5 mb-2 font-semibold">Checked just now</h3>
          <ul className="space-y-2">
            {checks.map((check) => (
              <CheckLine key={check.name} check={check} />
            ))}
          </ul>
        </Section>
      </div>
    </>
  );
}

function CheckLine({ check: { name, ok, text } }: { check: Check }) {
  const Icon = ok === null ? CircleHelp : ok ? CircleCheck : CircleX;
  const ink = ok === null ? 'text-faint' : ok ? 'text-success' : 'text-danger';
  return (
    <li className="flex gap-2">
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${ink}`} />
      <span className="min-w-0">
        {name}
        <span className="sr-only">{ok === null ? ': not known' : ok ? ': yes' : ': no'}</span>
        {ok !== true && <span className="block text-sm text-subtle">{text}</span>}
      </span>
    </li>
  );
}
