'use client';
import { Button } from '#/ui/primitives/button.tsx';
import { useAction } from '../../_components/use-action.ts';
import { repairWebhookAction } from '../actions.ts';

export function RepairWebhook() {
  const { pending, run } = useAction();
  return (
    <Button pending={pending} onClick={() => run(() => repairWebhookAction(), 'The webhook is registered')}>
      Register / repair
    </Button>
  );
}
