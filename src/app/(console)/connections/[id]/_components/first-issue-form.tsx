'use client';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState, useTransition } from 'react';
import { attempt } from '#/ui/ask-server.ts';
import { Button } from '#/ui/primitives/button.tsx';
import { Confirm } from '#/ui/primitives/dialog.tsx';
import { ProblemMessage } from '#/ui/primitives/messages.tsx';
import { TextField } from '#/ui/primitives/text-field.tsx';
import type { Problem } from '#/ui/problem.ts';
import { exalateAction } from '../../actions.ts';

interface OtherProject {
  issueProject: { key: string; name: string };
  connectionProject: { key: string; name: string };
}

export function FirstIssueForm({
  connectionId,
  projectKey,
  projectName,
}: {
  connectionId: string;
  projectKey: string;
  projectName: string;
}) {
  const router = useRouter();
  const [issueKey, setIssueKey] = useState('');
  const [problem, setProblem] = useState<Problem | null>(null);
  const [other, setOther] = useState<OtherProject | null>(null);
  const [pending, startTransition] = useTransition();

  const exalate = (confirmOtherProject: boolean): void =>
    startTransition(async () => {
      setProblem(null);
      const answer = await attempt(exalateAction({ connectionId, issueKey, confirmOtherProject }));
      if (!answer.ok) {
        setOther(null);
        setProblem(answer.error);
      } else if (answer.result.kind === 'confirm_project') setOther(answer.result);
      else {
        setOther(null);
        router.push(`/connections/${connectionId}?tab=first-issue&twin=${answer.result.twinId}`, { scroll: false });
      }
    });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!pending) exalate(false);
  };

  return (
    <form onSubmit={submit} className="space-y-3" noValidate>
      <p>
        Please enter an issue key from the project{' '}
        <strong>
          {projectName} ({projectKey})
        </strong>{' '}
        to proceed
      </p>
      <div className="flex flex-wrap items-start gap-2">
        <TextField
          label="Issue key"
          name="issueKey"
          placeholder={`${projectKey}-1`}
          value={issueKey}
          onChange={(event) => {
            setIssueKey(event.target.value);
            setProblem(null);
          }}
          autoComplete="off"
          autoCapitalize="characters"
          spellCheck={false}
          problem={problem?.field === 'issueKey' ? problem : null}
          className="w-full sm:w-72"
        />
        <Button type="submit" look="primary" pending={pending} className="mt-5 min-h-9">
          Exalate
        </Button>
      </div>
      {problem && problem.field !== 'issueKey' && <ProblemMessage problem={problem} />}
      <Confirm
        title="Issue of another project"
        open={other !== null}
        confirmLabel="Sync it anyway"
        pending={pending}
        onConfirm={() => exalate(true)}
        onCancel={() => setOther(null)}
      >
        {other && (
          <p>
            {issueKey.trim().toUpperCase()} belongs to{' '}
            <strong>
              {other.issueProject.name} ({other.issueProject.key})
            </strong>
            , and this connection is for{' '}
            <strong>
              {other.connectionProject.name} ({other.connectionProject.key})
            </strong>
            . It can be synced; that project only decides where issues from the other side are created.
          </p>
        )}
      </Confirm>
    </form>
  );
}
