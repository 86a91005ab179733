'use client';
import { useState } from 'react';
import { attempt } from '#/ui/ask-server.ts';
import { useFlags } from '#/ui/patterns/flags.tsx';
import { Button } from '#/ui/primitives/button.tsx';
import { Confirm } from '#/ui/primitives/dialog.tsx';
import { useAction } from '../../_components/use-action.ts';
import { queuedAction, syncNowAction, unexalateAction } from '../actions.ts';

/** "Sync now" and "Unexalate" of one twin. */
export function TwinActions({
  twinId,
  issueKey,
  complete,
}: {
  twinId: string;
  issueKey: string;
  /** Both sides have an issue. */
  complete: boolean;
}) {
  const flags = useFlags();
  const now = useAction();
  const { pending, problem, forget, run } = useAction({ fromDialog: true });
  const [queued, setQueued] = useState<{ outgoing: number; incoming: number } | null>(null);

  const ask = async (): Promise<void> => {
    forget();
    const answer = await attempt(queuedAction({ twinId }));
    if (answer.ok) setQueued({ outgoing: answer.outgoing, incoming: answer.incoming });
    else flags.failed(answer.error);
  };
  const syncNow = (): void => now.run(() => syncNowAction({ twinId }), `${issueKey} is being synchronized`);
  const unexalate = (): void =>
    run(
      () => unexalateAction({ twinId }),
      `${issueKey} is no longer under sync`,
      () => setQueued(null),
    );

  return (
    <>
      <Button compact look="link" pending={now.pending} onClick={syncNow}>
        Sync now
      </Button>
      <Button compact look="link" pending={pending} onClick={() => void ask()}>
        Unexalate
      </Button>
      <Confirm
        title={`Take ${issueKey} out of sync?`}
        open={queued !== null}
        confirmLabel="Unexalate"
        danger
        pending={pending}
        problem={problem}
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
        <p>
          {complete
            ? 'Both issues and their content stay'
            : 'Its issue stays, and none is made for it on the other side'}
          ; later changes are no longer synchronized. The partner is told.
        </p>
      </Confirm>
    </>
  );
}
