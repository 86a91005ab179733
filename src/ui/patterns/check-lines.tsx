import { Check, Minus, X } from 'lucide-react';
import type { SetupLine } from '#/services/setup/check-jira.ts';

const looks = {
  yes: { icon: Check, ink: 'text-success', word: 'Yes' },
  no: { icon: X, ink: 'text-danger', word: 'No' },
  unknown: { icon: Minus, ink: 'text-faint', word: 'Not checked' },
} as const;

/** What was found, one line each with tick or cross and what to do. */
export function CheckLines({ lines }: { lines: readonly SetupLine[] }) {
  if (lines.length === 0) return null;
  return (
    <ul aria-label="Checks" className="divide-y divide-line rounded-md border border-line">
      {lines.map(({ name, ok, text, remedy }) => {
        const { icon: Icon, ink, word } = looks[ok === null ? 'unknown' : ok ? 'yes' : 'no'];
        return (
          <li key={name} className="flex gap-3 px-3 py-2">
            <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${ink}`} />
            <div className="min-w-0 break-words">
              <p className="font-medium">
                <span className="sr-only">{word}: </span>
                {name}
              </p>
              <p className="text-sm text-subtle">{text}</p>
              {remedy && <p className="text-sm">{remedy}</p>}
            </div>
          </li>
        );
      })}
    </ul>
  );
}
