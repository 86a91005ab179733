'use client';
import { Button } from '#/ui/primitives/button.tsx';
import { useAction } from '../../_components/use-action.ts';
import { resolveAction, retryAction, retryAllAction } from '../actions.ts';

/** "Retry" and "Resolve" of one error. */
export function RowActions({ id, compact = true }: { id: string; compact?: boolean }) {
  const { pending, run } = useAction();
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
  const { pending, run } = useAction();
  return (
    <Button look="primary" pending={pending} onClick={() => run(() => retryAllAction(), 'Everything is tried again')}>
      Retry all
    </Button>
  );
}
