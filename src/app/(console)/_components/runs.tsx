import type { RunView } from '#/services/bulk/run-view.ts';
import { RunProgress } from '#/ui/patterns/run-progress.tsx';
import { Time } from '#/ui/primitives/time.tsx';
import { CancelRun } from './cancel-run.tsx';
import { CsvLink } from './csv-link.tsx';
import { FailedRows } from './failed-rows.tsx';

const shownAfterMs = 24 * 3_600_000;
const most = 10;

/** Runs under way, and those that ended within a day. They live in the database, so a reload loses nothing. */
export function Runs({ runs, nowMs }: { runs: readonly RunView[]; nowMs: number }) {
  const shown = runs
    .filter((run) => run.endedAt === null || nowMs - run.endedAt.getTime() < shownAfterMs)
    .toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime())
    .slice(0, most);
  if (shown.length === 0) return null;
  return (
    <section aria-label="Progress" className="space-y-3">
      <h2 className="font-semibold">Progress</h2>
      {shown.map((run) => (
        <Run key={run.id} run={run} />
      ))}
    </section>
  );
}

function Run({ run }: { run: RunView }) {
  const pairs = run.kind === 'connect' || run.kind === 'clean_up';
  return (
    <RunProgress
      title={run.title}
      things={pairs ? 'pairs' : 'issues'}
      status={run.status}
      {...run.progress}
      counted={run.counted}
      waitingFor={run.waitingFor}
      about={
        <>
          <p className="line-clamp-3">
            {run.subject === run.connection.name ? run.subject : `${run.subject}, ${run.connection.name}`}
          </p>
          <p>
            Started by {run.startedBy} <Time at={run.createdAt.toISOString()} />
          </p>
        </>
      }
      actions={
        <>
          {run.endedAt !== null && run.kind === 'clean_up' && (
            <CsvLink list="ended-pairs" params={{ run: run.id }} label="Pairs (CSV)" />
          )}
          {run.endedAt !== null && run.kind === 'connect' && (
            <CsvLink list="result" params={{ run: run.id }} label="Result (CSV)" />
          )}
          {run.progress.failed > 0 && <CsvLink list="failed" params={{ run: run.id }} label="Failed rows (CSV)" />}
          {run.endedAt === null && <CancelRun runId={run.id} title={run.title} />}
        </>
      }
    >
      {run.progress.failed > 0 && <FailedRows runId={run.id} failed={run.progress.failed} />}
    </RunProgress>
  );
}
