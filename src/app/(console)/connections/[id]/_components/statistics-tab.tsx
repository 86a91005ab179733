import type { ConnectionStatistics } from '#/services/dashboard/connection-statistics.ts';
import { BarChart } from '#/ui/patterns/bar-chart.tsx';
import { Section } from '#/ui/patterns/section.tsx';
import { Tile, Tiles } from '#/ui/patterns/tiles.tsx';
import { Time } from '#/ui/primitives/time.tsx';

export function StatisticsTab({ statistics }: { statistics: ConnectionStatistics }) {
  const { issues, comments, attachments, lastSyncIn, lastSyncOut, activity } = statistics;
  return (
    <div className="space-y-5">
      <Tiles>
        <Tile name="Issues under sync" value={issues.toLocaleString('en')} />
        <Tile name="Comments under sync" value={comments.toLocaleString('en')} />
        <Tile name="Attachments under sync" value={attachments.toLocaleString('en')} />
        <Tile name="Last sync in" value={<Time at={lastSyncIn?.toISOString() ?? null} />} />
        <Tile name="Last sync out" value={<Time at={lastSyncOut?.toISOString() ?? null} />} />
      </Tiles>
      <Section title="Activity in the last 30 days">
        <BarChart label="Sync activity per day" bars={activity} />
      </Section>
    </div>
  );
}
