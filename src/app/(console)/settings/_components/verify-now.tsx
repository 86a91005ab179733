'use client';
import { Button } from '#/ui/primitives/button.tsx';
import { useAction } from '../../_components/use-action.ts';
import { verifyNowAction } from '../actions.ts';

export function VerifyNow({ running }: { running: boolean }) {
  const { pending, run } = useAction();
  return (
    <Button
      compact
      pending={pending || running}
      onClick={() => run(() => verifyNowAction(), 'Started; its progress is shown on this page')}
    >
      Verify now
    </Button>
  );
}
