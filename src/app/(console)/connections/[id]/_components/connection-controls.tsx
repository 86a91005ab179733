'use client';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import { useState, useTransition } from 'react';
import { attempt } from '#/ui/ask-server.ts';
import { useFlags } from '#/ui/patterns/flags.tsx';
import { Button, buttonClass } from '#/ui/primitives/button.tsx';
import { classes } from '#/ui/primitives/classes.ts';
import { setActiveAction } from '../../actions.ts';
import { DeleteConfirm } from '../../_components/delete-confirm.tsx';

export interface ConnectionControlsProps {
  connection: {
    id: string;
    name: string;
    description: string;
    status: 'pending' | 'active' | 'deactivated' | 'error';
    underSync: number;
  };
}

export function ConnectionControls({ connection }: ConnectionControlsProps) {
  const { id, name, status } = connection;
  const router = useRouter();
  const flags = useFlags();
  const [pending, startTransition] = useTransition();
  const [deleting, setDeleting] = useState(false);
  const active = status === 'active';
  const toggle = (): void =>
    startTransition(async () => {
      const result = await attempt(setActiveAction({ id, active: !active }));
      if (result.ok) flags.done(active ? `${name} is deactivated` : `${name} is active`);
      else flags.failed(result.error);
      router.refresh();
    });
  return (
    <>
      <button
        type="button"
        role="switch"
        aria-checked={active}
        aria-busy={pending || undefined}
        disabled={status === 'pending'}
        onClick={pending ? undefined : toggle}
        className="inline-flex min-h-8 items-center gap-2 rounded-sm px-2 font-medium disabled:opacity-50"
      >
        <span
          aria-hidden
          className={classes(
            'flex h-5 w-9 items-center rounded-full p-0.5 transition-colors',
            active ? 'justify-end bg-brand' : 'bg-field',
          )}
        >
          <span className="size-4 rounded-full bg-on-brand" />
        </span>
        Active
      </button>
      {active && (
        <Link href={`/connections/${id}?tab=first-issue`} className={buttonClass('primary')}>
          Exalate
        </Link>
      )}
      <Button look="subtle" className="text-danger-ink" onClick={() => setDeleting(true)}>
        Delete
      </Button>
      <DeleteConfirm connection={connection} open={deleting} onClose={() => setDeleting(false)} />
    </>
  );
}
