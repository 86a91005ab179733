'use client';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState, useTransition } from 'react';
import type { SetupLine } from '#/services/setup/check-jira.ts';
import { attempt } from '#/ui/ask-server.ts';
import { CheckLines } from '#/ui/patterns/check-lines.tsx';
import { useFlags } from '#/ui/patterns/flags.tsx';
import { credentialsOf, missingCredentials, noProxyUser, ProxyUserFields } from '#/ui/patterns/proxy-user-fields.tsx';
import { Button } from '#/ui/primitives/button.tsx';
import { focusInvalid } from '#/ui/primitives/focus-invalid.ts';
import { ProblemMessage } from '#/ui/primitives/messages.tsx';
import type { Problem } from '#/ui/problem.ts';
import { changeProxyUserAction } from '../actions.ts';

/** Another account, or another password or token, for a Jira that was given on the set-up page. */
export function ProxyUserForm() {
  const router = useRouter();
  const flags = useFlags();
  const [open, setOpen] = useState(false);
  const [values, setValues] = useState(noProxyUser);
  const [lines, setLines] = useState<readonly SetupLine[]>([]);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [missing, setMissing] = useState<readonly Problem[]>([]);
  const [pending, startTransition] = useTransition();
  const close = (): void => {
    setOpen(false);
    setValues(noProxyUser);
    setLines([]);
    setProblem(null);
    setMissing([]);
  };
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (pending) return;
    const lacking = missingCredentials(values);
    setMissing(lacking);
    focusInvalid(event.currentTarget);
    if (lacking.length > 0) return;
    startTransition(async () => {
      setProblem(null);
      const result = await attempt(changeProxyUserAction({ credentials: credentialsOf(values), save: true }));
      if (!result.ok) return setProblem(result.error);
      setLines(result.lines);
      if (!result.saved) return setProblem(nothingSaved);
      close();
      flags.done('The node works with this proxy user now');
      router.refresh();
    });
  };
  if (!open) return <Button onClick={() => setOpen(true)}>Change proxy user</Button>;
  return (
    <form
      noValidate
      onSubmit={submit}
      className="space-y-4 rounded-md border border-line p-4"
      aria-label="Change proxy user"
    >
      <ProxyUserFields values={values} problems={missing} onChange={setValues} />
      {problem && <ProblemMessage problem={problem} />}
      <div role="status">
        <CheckLines lines={lines} />
      </div>
      <div className="flex flex-wrap gap-3">
        <Button type="submit" look="primary" pending={pending}>
          Check and save
        </Button>
        <Button onClick={close}>Cancel</Button>
      </div>
    </form>
  );
}

const nothingSaved: Problem = {
  summary: 'Nothing was saved: the node works as before.',
  why: 'Something that is required is missing.',
  remedy: 'Do what the lines with a cross say, then try again.',
  field: null,
};
