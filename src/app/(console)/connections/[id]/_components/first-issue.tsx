import { CircleCheck } from 'lucide-react';
import { Link } from '#/ui/primitives/link.tsx';
import { adminContext } from '#/server/session.ts';
import type { ConnectionDetails } from '#/services/connection/get-connection.ts';
import { syncStatus } from '#/services/twin/sync-status.ts';
import { Note } from '#/ui/primitives/messages.tsx';
import { Guarded, load } from '../../../_components/guarded.tsx';
import { isUuid } from '../../../_components/search-params.ts';
import { SyncStatusPanel } from '../../../_components/sync-status-panel.tsx';
import { Timeline } from '../../../_components/timeline.tsx';
import { FirstIssueForm } from './first-issue-form.tsx';

/** The screen after a connection was made: one issue by its key, and how its sync goes. */
export async function FirstIssue({ connection, twinId }: { connection: ConnectionDetails; twinId: string }) {
  const { id, status, projectKey, projectName } = connection;
  const loaded = isUuid(twinId) ? await load(syncStatus(await adminContext(), { twinId })) : null;
  if (status !== 'active')
    return (
      <Note title={status === 'pending' ? 'This connection is still pending' : 'This connection is not active'}>
        <p>
          {status === 'pending'
            ? 'It turns active here by itself as soon as the other side has accepted the invitation. Then you can sync your first issue.'
            : 'Activate it to put issues under sync.'}
        </p>
        <p>
          <Link href={`/connections/${id}`} className="text-link hover:underline">
            Connection details
          </Link>
        </p>
      </Note>
    );
  return (
    <div className="max-w-[46rem] space-y-5">
      <section className="space-y-4 rounded-md border border-line bg-surface p-5">
        <div>
          <h2 className="flex items-center gap-2 text-lg font-semibold">
            Connection established successfully
            <CircleCheck aria-hidden className="size-5 text-success" />
          </h2>
          <p className="text-subtle">Sync your first issue to see how it works.</p>
        </div>
        <FirstIssueForm connectionId={id} projectKey={projectKey} projectName={projectName} />
      </section>
      <p className="text-sm">
        <Link href={`/connections/${id}`} className="text-link hover:underline">
          Connection details
        </Link>
      </p>
      {loaded && (
        <Guarded loaded={loaded}>
          {(sync) => (
            <>
              <SyncStatusPanel status={sync} />
              <section aria-label="Timeline" className="rounded-md border border-line bg-surface p-4">
                <h2 className="mb-3 font-semibold">Timeline</h2>
                <Timeline rows={sync.timeline} />
              </section>
            </>
          )}
        </Guarded>
      )}
    </div>
  );
}
