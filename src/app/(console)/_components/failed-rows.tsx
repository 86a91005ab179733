import { adminContext } from '#/server/session.ts';
import { getRun } from '#/services/bulk/get-run.ts';
import { Guarded, load } from './guarded.tsx';

/** What failed in a run, and why; the first rows, the others are in the CSV. */
export async function FailedRows({ runId, failed }: { runId: string; failed: number }) {
  const loaded = await load(getRun(await adminContext(), { runId }));
  return (
    <Guarded loaded={loaded}>
      {({ failures }) => (
        <details>
          <summary className="text-sm text-link">Why</summary>
          <ul tabIndex={0} aria-label="Failed rows" className="mt-2 max-h-60 space-y-1 overflow-y-auto text-sm">
            {failures.map(({ localKey, remoteKey, error }, index) => (
              <li key={`${index} ${localKey} ${remoteKey}`} className="break-words">
                <span className="font-medium">{[localKey, remoteKey].filter(Boolean).join(' / ') || 'An issue'}:</span>{' '}
                {error}
              </li>
            ))}
          </ul>
          {failed > failures.length && (
            <p className="mt-1 text-sm text-subtle">
              The first {failures.length} of {failed.toLocaleString('en')} are shown.
            </p>
          )}
        </details>
      )}
    </Guarded>
  );
}
