'use client';
import { type FormEvent, useState } from 'react';
import { Button } from '#/ui/primitives/button.tsx';
import { DialogBody } from '#/ui/primitives/dialog.tsx';
import { focusInvalid } from '#/ui/primitives/focus-invalid.ts';
import { Note, ProblemMessage } from '#/ui/primitives/messages.tsx';
import { PairEnd } from '#/ui/patterns/pair.tsx';
import type { Problem } from '#/ui/problem.ts';
import { modeLabel } from '../../_components/labels.ts';
import { projectMissing, ProjectSelect } from '../../_components/project-select.tsx';
import type { Projects } from '../../_components/use-projects.ts';
import { StepHeading } from '../../_components/wizard-frame.tsx';
import type { Inviter } from './use-peek.ts';

export interface StepAcceptProjectProps {
  invitation: Inviter;
  projects: Projects;
  project: string;
  pending: boolean;
  problem: Problem | null;
  onChange: (project: string) => void;
  onBack: () => void;
  onConfirm: () => void;
}

export function StepAcceptProject(props: StepAcceptProjectProps) {
  const { invitation, projects, project, pending, problem, onChange, onBack, onConfirm } = props;
  const { inviter, mode } = invitation;
  const [missing, setMissing] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    setMissing(project === '');
    if (project === '') focusInvalid(event.currentTarget);
    if (project !== '' && !pending) onConfirm();
  };
  const atProject =
    missing && project === '' ? projectMissing('projectId') : problem?.field === 'projectId' ? problem : null;
  return (
    <form onSubmit={submit} className="contents">
      <DialogBody
        actions={
          <>
            <Button onClick={onBack}>{'< Previous'}</Button>
            <Button type="submit" look="primary" pending={pending}>
              Confirm
            </Button>
          </>
        }
      >
        <div className="rounded-md border border-line bg-sunken px-4 py-3">
          <PairEnd label="Invited by" title={inviter.name}>
            <p className="break-words">{inviter.jiraUrl ?? inviter.exalateUrl}</p>
            <p>
              {modeLabel(mode)} mode, node version {inviter.version}
            </p>
          </PairEnd>
        </div>
        <StepHeading>Select a project for the incoming sync</StepHeading>
        <p>
          After accepting an invitation for a Basic mode connection, Exalate will be able to sync basic issue fields.
          The sync rules cannot be updated. Exalate will sync the following issue data: summary, description, comments,
          and attachments.
        </p>
        <p>
          Issue types are mirrored. This means that tasks will be synced as tasks, bugs as bugs, and improvements as
          improvements. If an issue type is not included in the basic set, it will be synced as a task.
        </p>
        <p>
          Please select the project where you want to create entities, received from the other side.
          <span aria-hidden>*</span>
        </p>
        <ProjectSelect
          label="Select Project"
          projects={projects}
          value={project}
          onChange={onChange}
          problem={atProject}
        />
        {problem && problem.field !== 'projectId' && <ProblemMessage problem={problem} />}
        <Note>
          <p>All comments are synced as public comments, whatever their visibility is where they were written.</p>
        </Note>
      </DialogBody>
    </form>
  );
}
