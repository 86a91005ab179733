import { Link } from '#/ui/primitives/link.tsx';
import type { DifferenceKind, VerifyStatus } from '#/services/verify/verify-status.ts';
import { counted } from '#/ui/duration.ts';
import { Fact, Facts, Section } from '#/ui/patterns/section.tsx';
import { Time } from '#/ui/primitives/time.tsx';
import { VerifyNow } from './verify-now.tsx';

const kinds: Record<DifferenceKind, string> = {
  local: 'This Jira shows something else than sync knows.',
  partner: 'The two nodes did not know the same.',
  missing: 'The partner did not know it.',
};

/** Who started it is an account of Jira, or the worker of this node by itself. */
const nightly = 'worker';

/** The last comparison of all pairs with both sides, and what it found. */
export function Verification({ status }: { status: VerifyStatus | null }) {
  const running = status?.state === 'running';
  return (
    <Section title="Verification" actions={<VerifyNow running={running} />}>
      <p className="mb-4 text-subtle">
        Every night, and whenever you ask for it, all issues under sync are compared with both sides. What differs is
        listed here and put in order.
      </p>
      {status === null ? (
        <p>Nothing has been verified yet.</p>
      ) : (
        <div className="space-y-4">
          <Facts>
            <Fact name="Last run">
              <Time at={status.startedAt.toISOString()} />
              {status.startedBy === nightly ? ', at night' : `, started by ${status.startedBy}`}
            </Fact>
            <Fact name="Compared">
              <span role="status">
                {running ? 'Under way: ' : ''}
                {status.checked.toLocaleString('en')} of {counted(status.total, 'pair')}
                {status.skipped > 0 && `; ${status.skipped.toLocaleString('en')} passed over`}
                {status.skipped > 0 && status.note === null && ', as they were in progress'}
              </span>
              {status.note !== null && <p className="text-warning-ink">{status.note}</p>}
            </Fact>
            <Fact name="Differences">
              {status.differences === 0
                ? running
                  ? 'None so far'
                  : 'None'
                : `${status.differences.toLocaleString('en')} found, ${status.healed.toLocaleString('en')} put in order`}
            </Fact>
          </Facts>
          {status.list.length > 0 && <Differences status={status} />}
        </div>
      )}
    </Section>
  );
}

function Differences({ status: { list, differences } }: { status: VerifyStatus }) {
  return (
    <details className="rounded-md border border-line">
      <summary className="px-3 py-2 font-medium select-none">
        {differences > list.length ? `The newest ${list.length} differences` : counted(list.length, 'difference')}
      </summary>
      <ul className="divide-y divide-line border-t border-line">
        {list.map(({ twinId, kind, detail, issueKey }) => (
          <li key={`${twinId} ${kind}`} className="space-y-0.5 px-3 py-2 break-words">
            {issueKey === null ? (
              <span className="font-medium">Not there yet</span>
            ) : (
              <Link href={`/status?key=${encodeURIComponent(issueKey)}`} className="font-medium text-link">
                {issueKey}
              </Link>
            )}
            <p>{kinds[kind]}</p>
            <p className="text-sm text-subtle">{detail}</p>
          </li>
        ))}
      </ul>
    </details>
  );
}
