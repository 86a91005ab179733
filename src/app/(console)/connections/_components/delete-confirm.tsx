'use client';
import { useRouter } from 'next/navigation';
import type { ConnectionStatus } from '#/engine/connection/status.ts';
import { Confirm } from '#/ui/primitives/dialog.tsx';
import { useAction } from '../../_components/use-action.ts';
import { deleteAction } from '../actions.ts';

export interface DeleteConfirmProps {
  connection: { id: string; name: string; status: ConnectionStatus; underSync: number };
  open: boolean;
  onClose: () => void;
}

/** Says what stops and what stays before a connection is deleted. */
export function DeleteConfirm({ connection: { id, name, status, underSync }, open, onClose }: DeleteConfirmProps) {
  const router = useRouter();
  const { pending, problem, forget, run } = useAction({ fromDialog: true });
  const remove = (): void =>
    run(
      () => deleteAction({ id }),
      ({ pairsLeft, partnerTold }) => {
        const done = pairsLeft > 0 ? `${name} is being deleted` : `${name} is deleted`;
        return partnerTold ? `${done}; the partner was told` : done;
      },
      () => {
        onClose();
        router.push('/connections');
      },
    );
  return (
    <Confirm
      title={`Delete ${name}?`}
      open={open}
      confirmLabel="Delete"
      danger
      pending={pending}
      problem={problem}
      onConfirm={remove}
      onCancel={() => {
        forget();
        onClose();
      }}
    >
      <p>
        <strong>What stops:</strong>{' '}
        {status === 'pending'
          ? 'its invitation, which cannot be accepted any more.'
          : underSync === 0
            ? 'nothing is under sync in this connection.'
            : `${underSync.toLocaleString('en')} ${underSync === 1 ? 'issue is' : 'issues are'} no longer synchronized, and what is still queued is dropped.`}
      </p>
      <p>
        <strong>What stays:</strong>{' '}
        {status === 'pending'
          ? 'everything else: nothing has been synchronized yet, and there is no partner to be told.'
          : 'all issues, comments and attachments, on both sides. The partner is told that the connection has ended.'}
      </p>
      <p>This cannot be taken back: to sync again, set up a new connection.</p>
    </Confirm>
  );
}
