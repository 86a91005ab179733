'use client';
import { useRouter } from 'next/navigation';
import { useState, useTransition } from 'react';
import { attempt } from '#/ui/ask-server.ts';
import { useFlags } from '#/ui/patterns/flags.tsx';
import { Button } from '#/ui/primitives/button.tsx';
import { Confirm } from '#/ui/primitives/dialog.tsx';
import { queuedAction, syncNowAction, unexalateAction } from '../actions.ts';

/** "Sync now" and "Unexalate" of one twin. */
export function TwinActions({ twinId, issueKey }: { twinId: string; issueKey: string }) {
  const router = useRouter();
  const flags = useFlags();
  const [pending, startTransition] = useTransition();
  const [queued, setQueued] = useState<{ outgoing: number; incoming: number } | null>(null);

  const syncNow = (): void =>
    startTransition(async () => {
      const result = await attempt(syncNowAction({ twinId }));
      if (result.ok) flags.done(`${issueKey} is being synchronized`);
      else flags.failed(result.error);
      router.refresh();
    });
  const ask = (): void =>
    startTransition(async () => {
      const result = await attempt(queuedAction({ twinId }));
      if (result.ok) setQueued({ outgoing: result.outgoing, incoming: result.incoming });
      else flags.failed(result.error);
    });
  const unexalate = (): void =>
    startTransition(async () => {
      const result = await attempt(unexalateAction({ twinId }));
      if (result.ok) flags.done(`${issueKey} is no longer under sync`);
      else flags.failed(result.error);
      setQueued(null);
      router.refresh();
    });

  return (
    <>
      <Button compact look="link" pending={pending} onClick={syncNow}>
        Sync now
      </Button>
      <Button compact look="link" pending={pending} onClick={ask}>
        Unexalate
      </Button>
      <Confirm
        title={`Take ${issueKey} out of sync?`}
        open={queued !== null}
        confirmLabel="Unexalate"
        danger
        pending={pending}
        onConfirm={unexalate}
        onCancel={() => setQueued(null)}
      >
        {queued && (
          <p>
            {queued.outgoing + queued.incoming === 0
              ? 'Nothing is queued for it.'
              : `Still queued, and dropped: ${queued.outgoing} outgoing, ${queued.incoming} incoming.`}
          </p>
        )}
        <p>Both issues and their content stay; later changes are no longer synchronized. The partner is told.</p>
      </Confirm>
    </>
  );
}
