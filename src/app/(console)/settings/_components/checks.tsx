import { CircleCheck, CircleHelp, CircleX } from 'lucide-react';
import type { ProjectChecks } from '#/services/settings/project-checks.ts';
import type { Check } from '#/services/settings/permissions.ts';
import { counted } from '#/ui/duration.ts';

/** Checks, one line each. */
export function Checks({ checks }: { checks: readonly Check[] }) {
  return (
    <ul className="space-y-2">
      {checks.map((check) => (
        <CheckLine key={check.name} check={check} />
      ))}
    </ul>
  );
}

/** The same for one project; what is in order stays folded. */
export function ProjectCheckList({ of: { project, checks } }: { of: ProjectChecks }) {
  const lacking = checks.filter(({ ok }) => ok === false).length;
  const unknown = checks.filter(({ ok }) => ok === null).length;
  return (
    <details open={lacking > 0} className="rounded-md border border-line">
      <summary className="px-3 py-2 select-none">
        <span className="font-medium">
          {project.name} ({project.key})
        </span>
        <span className={lacking > 0 ? 'ml-2 text-danger-ink' : 'ml-2 text-subtle'}>
          {lacking > 0
            ? `${counted(lacking, 'permission')} lacking`
            : unknown > 0
              ? 'nothing lacks, something is not known'
              : 'everything is there'}
        </span>
      </summary>
      <div className="border-t border-line p-3">
        <Checks checks={checks} />
      </div>
    </details>
  );
}

function CheckLine({ check: { name, ok, text } }: { check: Check }) {
  const Icon = ok === null ? CircleHelp : ok ? CircleCheck : CircleX;
  const ink = ok === null ? 'text-faint' : ok ? 'text-success' : 'text-danger';
  return (
    <li className="flex gap-2">
      <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${ink}`} />
      <span className="min-w-0">
        {name}
        <span className="sr-only">{ok === null ? ': not known' : ok ? ': yes' : ': no'}</span>
        {ok !== true && <span className="block text-sm text-subtle">{text}</span>}
      </span>
    </li>
  );
}
