'use client';
import { counted } from '#/ui/duration.ts';
import { Confirm } from '#/ui/primitives/dialog.tsx';
import type { Problem } from '#/ui/problem.ts';

export interface BulkQuestion {
  kind: 'exalate' | 'unexalate';
  /** null while Jira is asked. */
  matches: number | null;
  problem: Problem | null;
}

export interface BulkConfirmProps {
  question: BulkQuestion | null;
  connectionName: string;
  pending: boolean;
  /** Why it was refused. */
  problem: Problem | null;
  onConfirm: (kind: BulkQuestion['kind']) => void;
  onCancel: () => void;
}

/** Says how many issues match before they are put under sync, or taken out of it. */
export function BulkConfirm(props: BulkConfirmProps) {
  const { question, connectionName, pending, problem, onConfirm, onCancel } = props;
  const exalate = question?.kind !== 'unexalate';
  const name = exalate ? 'Bulk Exalate' : 'Bulk Unexalate';
  const matches = question?.matches ?? null;
  return (
    <Confirm
      title={`${name}?`}
      open={question !== null}
      confirmLabel={name}
      danger={!exalate}
      pending={pending || (question?.matches === null && question.problem === null)}
      problem={question?.problem ?? problem}
      onConfirm={() => question !== null && question.problem === null && onConfirm(question.kind)}
      onCancel={onCancel}
    >
      <p role="status">
        {matches === null
          ? question?.problem === null && 'Asking Jira how many issues match …'
          : `${counted(matches, 'issue')} ${matches === 1 ? 'matches' : 'match'} now.`}
      </p>
      <p>
        {exalate
          ? `Those that are not under sync with ${connectionName} yet are put under sync: the other side gets a new issue for each. The others get a fresh look.`
          : `Those that are under sync with ${connectionName} are taken out of sync. Issues and their content stay on both sides; what is still queued is dropped, and the trigger does not put them back.`}
      </p>
    </Confirm>
  );
}
