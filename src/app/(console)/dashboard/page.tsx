import type { Metadata } from 'next';
import { Link } from '#/ui/primitives/link.tsx';
import { adminContext } from '#/server/session.ts';
import { type Period, periods } from '#/services/dashboard/activity.ts';
import { dashboard } from '#/services/dashboard/dashboard.ts';
import { BarChart } from '#/ui/patterns/bar-chart.tsx';
import { PageHeader } from '#/ui/patterns/page-header.tsx';
import { Section } from '#/ui/patterns/section.tsx';
import { Tile, Tiles } from '#/ui/patterns/tiles.tsx';
import { TwinStatus } from '#/ui/patterns/status.tsx';
import { LinkTabs, TabPanel } from '#/ui/primitives/link-tabs.tsx';
import { oneOf, type SearchParams } from '../_components/search-params.ts';
import { twinStatusChoices } from '../status/_components/twin-status-choices.ts';

export const metadata: Metadata = { title: 'Dashboard' };

const periodLabels: Record<Period, string> = {
  daily: 'Daily',
  weekly: 'Weekly',
  monthly: 'Monthly',
  quarterly: 'Quarterly',
};

export default async function DashboardPage({ searchParams }: { searchParams: SearchParams }) {
  const [query, ctx] = await Promise.all([searchParams, adminContext()]);
  const period = oneOf(query, 'period', [...periods] as [Period, ...Period[]]);
  const { underSync, connections, twins, openErrors, queue, latency, oldestOutgoingSeconds, activity } =
    await dashboard(ctx, { period });
  const queued = Object.values(queue).reduce((sum, count) => sum + count, 0);
  return (
    <>
      <PageHeader title="Dashboard" />
      <div className="space-y-5">
        <Tiles>
          <Tile name="Entities under sync" value={<Figure href="/status" value={underSync} />} />
          <Tile
            name="Active connections"
            value={<Figure href="/connections" value={connections.active} />}
            note={`of ${connections.all}`}
          />
          <Tile
            name="In the queue"
            value={<Figure href="/queue" value={queued} />}
            note="events, requests and attachments"
          />
          <Tile name="Open errors" value={<Figure href="/errors" value={openErrors} />} />
          <Tile
            name="Latency"
            value={latency === null ? 'None' : precise(latency.median)}
            note={
              latency === null
                ? 'nothing was sent lately'
                : `from noticing a change to the partner having it; 95 % within ${precise(latency.p95)}`
            }
          />
          <Tile
            name="Oldest event"
            value={oldestOutgoingSeconds === null ? 'None' : duration(oldestOutgoingSeconds)}
            note={oldestOutgoingSeconds === null ? 'nothing waits to be sent' : 'has waited so long to be sent'}
          />
        </Tiles>
        <Section title="Sync Activity">
          <LinkTabs
            label="Period"
            current={period}
            tabs={periods.map((id) => ({ id, label: periodLabels[id], href: `/dashboard?period=${id}` }))}
          />
          <TabPanel current={period}>
            <BarChart label={`Sync activity, ${periodLabels[period].toLowerCase()}`} bars={activity} />
          </TabPanel>
        </Section>
        {twins.length > 0 && (
          <Section title="Entities by status">
            <ul className="space-y-2">
              {twins.map(({ status, count }) => (
                <li key={status} className="flex items-center gap-3">
                  <Link href={`/status?status=${status}`} className="min-w-10 text-link tabular-nums hover:underline">
                    {count.toLocaleString('en')}
                  </Link>
                  <TwinStatus label={twinStatusChoices.find((choice) => choice.value === status)?.label ?? status} />
                </li>
              ))}
            </ul>
          </Section>
        )}
      </div>
    </>
  );
}

function Figure({ href, value }: { href: string; value: number }) {
  return (
    <Link href={href} className="hover:text-link hover:underline">
      {value.toLocaleString('en')}
    </Link>
  );
}

function precise(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  return ms < 60_000 ? `${(ms / 1_000).toFixed(1)} s` : duration(Math.round(ms / 1_000));
}

function duration(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  return seconds < 3600 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`;
}
