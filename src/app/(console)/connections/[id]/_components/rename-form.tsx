'use client';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState, useTransition } from 'react';
import { attempt } from '#/ui/ask-server.ts';
import { useFlags } from '#/ui/patterns/flags.tsx';
import { Button } from '#/ui/primitives/button.tsx';
import { ProblemMessage } from '#/ui/primitives/messages.tsx';
import { TextField } from '#/ui/primitives/text-field.tsx';
import type { Problem } from '#/ui/problem.ts';
import { renameAction } from '../../actions.ts';

export function RenameForm({ id, name, description }: { id: string; name: string; description: string }) {
  const router = useRouter();
  const flags = useFlags();
  const [values, setValues] = useState({ name, description });
  const [problem, setProblem] = useState<Problem | null>(null);
  const [pending, startTransition] = useTransition();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (pending) return;
    startTransition(async () => {
      setProblem(null);
      const result = await attempt(renameAction({ id, ...values }));
      if (!result.ok) return setProblem(result.error);
      flags.done('Saved');
      router.refresh();
    });
  };
  return (
    <form onSubmit={submit} className="space-y-3" noValidate>
      <TextField
        label="Name"
        value={values.name}
        onChange={(event) => setValues({ ...values, name: event.target.value })}
        problem={problem?.field === 'name' ? problem : null}
        hint="Shown on this node only; the partner has its own name for the connection."
      />
      <TextField
        label="Description"
        value={values.description}
        onChange={(event) => setValues({ ...values, description: event.target.value })}
        problem={problem?.field === 'description' ? problem : null}
      />
      {problem && problem.field !== 'name' && problem.field !== 'description' && <ProblemMessage problem={problem} />}
      <Button type="submit" pending={pending}>
        Save
      </Button>
    </form>
  );
}
