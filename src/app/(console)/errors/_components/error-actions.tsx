'use client';
import { useRouter } from 'next/navigation';
import { useTransition } from 'react';
import { type Answer, attempt } from '#/ui/ask-server.ts';
import { useFlags } from '#/ui/patterns/flags.tsx';
import { Button } from '#/ui/primitives/button.tsx';
import { resolveAction, retryAction, retryAllAction } from '../actions.ts';

function useRun(): { pending: boolean; run: <T extends object>(work: () => Promise<Answer<T>>, done: string) => void } {
  const router = useRouter();
  const flags = useFlags();
  const [pending, startTransition] = useTransition();
  return {
    pending,
    run: (work, done) =>
      startTransition(async () => {
        const result = await attempt(work());
        if (result.ok) flags.done(done);
        else flags.failed(result.error);
        router.refresh();
      }),
  };
}

/** "Retry" and "Resolve" of one error. */
export function RowActions({ id, compact = true }: { id: string; compact?: boolean }) {
  const { pending, run } = useRun();
  return (
    <>
      <Button
        compact={compact}
        look={compact ? 'link' : 'primary'}
        pending={pending}
        onClick={() => run(() => retryAction({ id }), 'Tried again')}
      >
        Retry
      </Button>
      <Button
        compact={compact}
        look={compact ? 'link' : 'default'}
        pending={pending}
        onClick={() => run(() => resolveAction({ id }), 'Put aside')}
      >
        Resolve
      </Button>
    </>
  );
}

export function RetryAll() {
  const { pending, run } = useRun();
  return (
    <Button look="primary" pending={pending} onClick={() => run(() => retryAllAction(), 'Everything is tried again')}>
      Retry all
    </Button>
  );
}
