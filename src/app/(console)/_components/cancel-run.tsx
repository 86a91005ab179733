'use client';
import { Button } from '#/ui/primitives/button.tsx';
import { cancelRunAction } from './run-actions.ts';
import { useAction } from './use-action.ts';

/** Stops long work; what is done stays done. */
export function CancelRun({ runId, title }: { runId: string; title: string }) {
  const { pending, run } = useAction();
  return (
    <Button pending={pending} onClick={() => run(() => cancelRunAction({ runId }), `${title} is cancelled`)}>
      Cancel
    </Button>
  );
}
