'use client';
import { Button } from '#/ui/primitives/button.tsx';
import { Note } from '#/ui/primitives/messages.tsx';
import { confirmMoveAction } from './actions.ts';
import { useAction } from './use-action.ts';

/** Asked on every page while a database runs under another Exalate URL than before: until it is answered nothing is synced (C10). */
export function MovedNode({ from, to }: { from: string; to: string }) {
  const { pending, run } = useAction();
  return (
    <div className="mb-6">
      <Note tone="warning" title="This node has another Exalate URL than before; nothing is synced until you say why">
        <p className="break-words">
          Its data was last used at {from}; now it runs at {to}. A copy that goes on syncing would do everything twice.
        </p>
        <div className="flex flex-wrap gap-2 pt-2">
          <Button
            pending={pending}
            onClick={() => run(() => confirmMoveAction({ choice: 'moved' }), 'The node goes on at its new address')}
          >
            It was moved here
          </Button>
          <Button
            pending={pending}
            onClick={() => run(() => confirmMoveAction({ choice: 'copy' }), 'The copy is a node of its own now')}
          >
            It is a copy of another node
          </Button>
        </div>
      </Note>
    </div>
  );
}
