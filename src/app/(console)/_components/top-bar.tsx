import { CircleAlert } from 'lucide-react';
import { Link } from '#/ui/primitives/link.tsx';
import { ExternalLink } from '#/ui/patterns/external-link.tsx';
import { CommandPalette } from './command-palette.tsx';
import { health, type HealthInput } from './health.ts';
import { UserMenu } from './user-menu.tsx';

export interface TopBarProps {
  overview: HealthInput & { name: string; jiraUrl: string | null };
  displayName: string;
}

/** Which node this is, which Jira it works on, how it is, and who is signed in. */
export function TopBar({ overview, displayName }: TopBarProps) {
  const { label, dot } = health(overview);
  const { name, jiraUrl, openErrors } = overview;
  return (
    <header className="flex min-h-14 flex-wrap items-center gap-x-4 gap-y-1 border-b border-line bg-surface px-4 py-2 sm:px-8 md:sticky md:top-0 md:z-10">
      <p className="flex min-w-0 items-center gap-2 font-semibold">
        <span className={`size-2.5 shrink-0 rounded-full ${dot}`} role="img" aria-label={label} title={label} />
        <span className="truncate">{name}</span>
      </p>
      {jiraUrl && (
        <p className="min-w-0 truncate text-sm">
          <ExternalLink href={jiraUrl}>{jiraUrl.replace(/^https?:\/\//, '')}</ExternalLink>
        </p>
      )}
      <div className="ml-auto flex items-center gap-2">
        <CommandPalette />
        {openErrors > 0 && (
          <Link
            href="/errors"
            className="inline-flex min-h-8 items-center gap-1.5 rounded-sm px-2 font-medium text-danger-ink hover:bg-danger-soft"
          >
            <CircleAlert aria-hidden className="size-4" />
            {openErrors === 1 ? '1 open problem' : `${openErrors} open problems`}
          </Link>
        )}
        <UserMenu displayName={displayName} />
      </div>
    </header>
  );
}
