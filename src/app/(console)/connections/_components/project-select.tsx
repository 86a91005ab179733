'use client';
import { Button } from '#/ui/primitives/button.tsx';
import { Combobox } from '#/ui/primitives/combobox.tsx';
import { ProblemMessage } from '#/ui/primitives/messages.tsx';
import { Spinner } from '#/ui/primitives/spinner.tsx';
import type { Problem } from '#/ui/problem.ts';
import type { Projects } from './use-projects.ts';

export interface ProjectSelectProps {
  label: string;
  projects: Projects;
  value: string;
  onChange: (projectId: string) => void;
  problem: Problem | null;
}

export function ProjectSelect({ label, projects, value, onChange, problem }: ProjectSelectProps) {
  if (projects.state === 'loading')
    return (
      <p role="status" className="flex min-h-14 items-center gap-2 text-subtle">
        <Spinner /> Asking Jira for its projects
      </p>
    );
  if (projects.state === 'failed')
    return <ProblemMessage problem={projects.problem} action={<Button onClick={projects.retry}>Try again</Button>} />;
  return (
    <Combobox
      label={label}
      options={projects.options}
      value={value === '' ? null : value}
      onChange={(next) => onChange(next ?? '')}
      placeholder="Type a name or a key"
      emptyText={
        projects.options.length === 0
          ? 'There is no project in which the proxy user may create issues. Give it the Create Issues permission in Jira.'
          : 'No project fits. Listed are only projects in which the proxy user may create issues.'
      }
      problem={problem}
    />
  );
}

/** What is said when no project was chosen. */
export function projectMissing(field: string): Problem {
  return {
    summary: 'Select a project.',
    why: 'Issues from the other side have to be created somewhere.',
    remedy: 'Choose one from the list.',
    field,
  };
}
