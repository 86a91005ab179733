'use client';
import { useState } from 'react';
import { counted } from '#/ui/duration.ts';
import { Button } from '#/ui/primitives/button.tsx';
import { Confirm } from '#/ui/primitives/dialog.tsx';
import { useAction } from '../../_components/use-action.ts';
import { cleanUpConnectionAction, cleanUpIssueAction } from '../actions.ts';

interface Queued {
  outgoing: number;
  incoming: number;
}

/** Ends one pair and forgets it. */
export function CleanUpPair({ twinId, title, queued }: { twinId: string; title: string; queued: Queued }) {
  const { pending, problem, forget, run } = useAction({ fromDialog: true });
  const [asking, setAsking] = useState(false);
  const ask = (): void => {
    forget();
    setAsking(true);
  };
  return (
    <>
      <Button compact look="danger" pending={pending} onClick={ask}>
        Clean up
      </Button>
      <Confirm
        title={`Clean up ${title}?`}
        open={asking}
        confirmLabel="Clean up"
        danger
        pending={pending}
        problem={problem}
        onConfirm={() =>
          run(
            () => cleanUpIssueAction({ twinId }),
            ({ localKey, remoteKey }) =>
              `${[localKey, remoteKey].filter(Boolean).join(' and ')} are no longer under sync`,
            () => setAsking(false),
          )
        }
        onCancel={() => setAsking(false)}
      >
        <WhatEnds pairs={1} queued={queued} />
      </Confirm>
    </>
  );
}

/** Ends all pairs of a connection in the background. */
export function CleanUpConnection({
  connection: { id, name },
  pairs,
  queued,
}: {
  connection: { id: string; name: string };
  pairs: number;
  queued: Queued;
}) {
  const { pending, problem, forget, run } = useAction({ fromDialog: true });
  const [asking, setAsking] = useState(false);
  const ask = (): void => {
    forget();
    setAsking(true);
  };
  return (
    <>
      <Button look="danger" pending={pending} onClick={ask}>
        Clean up {counted(pairs, 'pair')}
      </Button>
      <Confirm
        title={`Clean up ${name}?`}
        open={asking}
        confirmLabel="Clean up"
        danger
        pending={pending}
        problem={problem}
        onConfirm={() =>
          run(
            () => cleanUpConnectionAction({ connectionId: id }),
            ({ already }) => (already ? 'This is under way already' : 'Started; its progress is shown on this page'),
            () => setAsking(false),
          )
        }
        onCancel={() => setAsking(false)}
      >
        <WhatEnds pairs={pairs} queued={queued} />
      </Confirm>
    </>
  );
}

function WhatEnds({ pairs, queued: { outgoing, incoming } }: { pairs: number; queued: Queued }) {
  return (
    <>
      <p>
        <strong>What stops:</strong> the sync of {counted(pairs, 'pair')}
        {outgoing + incoming === 0
          ? '; nothing is queued.'
          : `; still queued, and dropped: ${outgoing.toLocaleString('en')} outgoing, ${incoming.toLocaleString('en')} incoming.`}
      </p>
      <p>
        <strong>What stays:</strong> all issues, comments and attachments, on both sides. The partner is told, and both
        sides forget what belonged together.
      </p>
      <p>This cannot be taken back; the pairs can be connected again with their keys.</p>
    </>
  );
}
