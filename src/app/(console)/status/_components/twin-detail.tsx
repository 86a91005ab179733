import { X } from 'lucide-react';
import { Link } from '#/ui/primitives/link.tsx';
import { adminContext } from '#/server/session.ts';
import { syncStatus } from '#/services/twin/sync-status.ts';
import { Section } from '#/ui/patterns/section.tsx';
import { buttonClass } from '#/ui/primitives/button.tsx';
import { Guarded, load } from '../../_components/guarded.tsx';
import { href } from '../../_components/search-params.ts';
import { SyncStatusPanel } from '../../_components/sync-status-panel.tsx';
import { Timeline } from '../../_components/timeline.tsx';

export async function TwinDetail({ twinId, closeParams }: { twinId: string; closeParams: Record<string, string> }) {
  const loaded = await load(syncStatus(await adminContext(), { twinId }));
  return (
    <Guarded loaded={loaded}>
      {(status) => (
        <div className="grid items-start gap-5 lg:grid-cols-2">
          <SyncStatusPanel status={status} />
          <Section
            title={`Timeline of ${status.local?.key ?? status.remote?.key ?? 'this pair'}`}
            actions={
              <Link
                href={href('/status', closeParams)}
                scroll={false}
                aria-label="Close details"
                className={buttonClass('subtle', true)}
              >
                <X aria-hidden className="size-4" />
              </Link>
            }
          >
            <Timeline rows={status.timeline} />
          </Section>
        </div>
      )}
    </Guarded>
  );
}
