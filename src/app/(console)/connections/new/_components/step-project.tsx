'use client';
import { type FormEvent, type ReactNode, useState } from 'react';
import { Button } from '#/ui/primitives/button.tsx';
import { DialogBody } from '#/ui/primitives/dialog.tsx';
import { focusInvalid } from '#/ui/primitives/focus-invalid.ts';
import { Note, ProblemMessage } from '#/ui/primitives/messages.tsx';
import type { Problem } from '#/ui/problem.ts';
import { projectMissing, ProjectSelect } from '../../_components/project-select.tsx';
import type { Projects } from '../../_components/use-projects.ts';
import { StepHeading } from '../../_components/wizard-frame.tsx';
import type { Target } from './destination.ts';

export interface StepProjectProps {
  kind: Target['kind'];
  projects: Projects;
  first: string;
  second: string;
  rules: ReactNode;
  pending: boolean;
  problem: Problem | null;
  onChange: (set: { project: string } | { second: string }) => void;
  onBack: () => void;
  onNext: () => void;
}

export function StepProject(props: StepProjectProps) {
  const { kind, projects, first, second, rules, pending, problem, onChange, onBack, onNext } = props;
  const [missing, setMissing] = useState(false);
  const local = kind === 'own';
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const complete = first !== '' && (!local || second !== '');
    setMissing(!complete);
    if (!complete) focusInvalid(event.currentTarget);
    if (complete && !pending) onNext();
  };
  const at = (field: string, value: string): Problem | null =>
    missing && value === '' ? projectMissing(field) : problem?.field === field ? problem : null;
  const elsewhere = problem && problem.field !== 'projectId' && problem.field !== 'secondProjectId' ? problem : null;
  return (
    <form onSubmit={submit} className="contents">
      <DialogBody
        actions={
          <>
            <Button onClick={onBack}>{'< Previous'}</Button>
            <Button type="submit" look="primary" pending={pending}>
              {local ? 'Confirm' : 'Next'}
            </Button>
          </>
        }
      >
        <StepHeading>Select a project for the incoming sync</StepHeading>
        <p>
          Exalate generates default sync rules to synchronize basic issue fields. By default the following issue data
          will be synchronized: summary, description, comments, attachments and issue types.
        </p>
        <p>
          Please select the project where you want to create issues, received from the other side.
          <span aria-hidden>*</span>
        </p>
        <ProjectSelect
          label={local ? 'Select Project (first side)' : 'Select Project'}
          projects={projects}
          value={first}
          onChange={(project) => onChange({ project })}
          problem={at('projectId', first)}
        />
        {local && projects.state === 'loaded' && (
          <ProjectSelect
            label="Select Project (second side)"
            projects={projects}
            value={second}
            onChange={(project) => onChange({ second: project })}
            problem={at('secondProjectId', second)}
          />
        )}
        {elsewhere && <ProblemMessage problem={elsewhere} />}
        <Note>
          <p>All comments are synced as public comments, whatever their visibility is where they were written.</p>
        </Note>
        <details className="group rounded-md border border-line">
          <summary className="px-3 py-2 font-medium text-link select-none">View the generated sync rules</summary>
          <div className="space-y-3 border-t border-line p-3">
            <p className="text-subtle">In Basic mode they cannot be changed.</p>
            {rules}
          </div>
        </details>
        {kind === 'unknown' && (
          <p className="text-sm text-subtle">
            With the next step the connection is made, pending until your partner accepts its invitation.
          </p>
        )}
      </DialogBody>
    </form>
  );
}
