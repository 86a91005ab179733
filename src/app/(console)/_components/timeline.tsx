import { Time } from '#/ui/primitives/time.tsx';

export interface TimelineRow {
  at: Date;
  text: string;
  detail: string | null;
}

/** What was done when, newest first. */
export function Timeline({ rows }: { rows: readonly TimelineRow[] }) {
  if (rows.length === 0) return <p className="text-subtle">Nothing has happened yet.</p>;
  return (
    <ol className="space-y-2">
      {rows.map((row, index) => (
        <li key={`${row.at.getTime()}-${rows.length - index}`} className="grid grid-cols-[7.5rem_minmax(0,1fr)] gap-3">
          <span className="text-sm text-subtle">
            <Time at={row.at.toISOString()} />
          </span>
          <div className="min-w-0 break-words">
            {row.text}
            {row.detail && (
              <details>
                <summary className="text-sm text-link">Overwritten value</summary>
                <pre className="mt-1 max-h-60 overflow-auto rounded-sm bg-sunken p-2 font-mono text-xs whitespace-pre-wrap">
                  {row.detail}
                </pre>
              </details>
            )}
          </div>
        </li>
      ))}
    </ol>
  );
}
