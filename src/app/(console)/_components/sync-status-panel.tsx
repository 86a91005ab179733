import type { SyncStatus } from '#/services/twin/sync-status.ts';
import { ExternalLink } from '#/ui/patterns/external-link.tsx';
import { Pair, PairEnd } from '#/ui/patterns/pair.tsx';
import { Steps } from '#/ui/patterns/progress.tsx';
import { twinTone } from '#/ui/patterns/status.tsx';
import { Lozenge } from '#/ui/primitives/lozenge.tsx';
import { ProblemMessage } from '#/ui/primitives/messages.tsx';

/** Region "Sync status": how far the sync of one pair is, step by step, and links to both issues. */
export function SyncStatusPanel({ status }: { status: SyncStatus }) {
  return (
    <section aria-label="Sync status" className="space-y-4 rounded-md border border-line bg-surface p-4">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="font-semibold">Sync status</h2>
        <span role="status" className="min-w-0">
          <Lozenge tone={twinTone(status.status)}>{status.status}</Lozenge>
        </span>
      </div>
      <Steps steps={status.steps} />
      {status.error && <ProblemMessage problem={{ ...status.error, field: null }} />}
      <Pair
        here={<PairEnd label="Here" title={<IssueLink issue={status.local} />} />}
        there={<PairEnd label="On the other side" title={<IssueLink issue={status.remote} />} />}
      />
    </section>
  );
}

function IssueLink({ issue }: { issue: { key: string; url: string } | null }) {
  return issue === null ? (
    <span className="font-normal text-faint">Not there yet</span>
  ) : (
    <ExternalLink href={issue.url}>{issue.key}</ExternalLink>
  );
}
