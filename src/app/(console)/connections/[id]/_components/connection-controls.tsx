'use client';
import type { ConnectionStatus } from '#/engine/connection/status.ts';
import { Link } from '#/ui/primitives/link.tsx';
import { useState } from 'react';
import { Button, buttonClass } from '#/ui/primitives/button.tsx';
import { Switch } from '#/ui/primitives/switch.tsx';
import { useAction } from '../../../_components/use-action.ts';
import { revokeInvitationAction, setActiveAction } from '../../actions.ts';
import { useCopyInvitation } from '../../_components/use-copy-invitation.ts';
import { DeleteConfirm } from '../../_components/delete-confirm.tsx';

export interface ConnectionControlsProps {
  connection: {
    id: string;
    name: string;
    description: string;
    status: ConnectionStatus;
    underSync: number;
    /** It has an invitation that can still be accepted. */
    inviting: boolean;
  };
}

export function ConnectionControls({ connection }: ConnectionControlsProps) {
  const { id, name, status, inviting } = connection;
  const copy = useCopyInvitation(id);
  const { pending, run } = useAction();
  const [deleting, setDeleting] = useState(false);
  const active = status === 'active';
  const toggle = (): void =>
    run(() => setActiveAction({ id, active: !active }), active ? `${name} is deactivated` : `${name} is active`);
  return (
    <>
      <Switch label="Active" checked={active} pending={pending} disabled={status === 'pending'} onToggle={toggle} />
      {active && (
        <Link href={`/connections/${id}?tab=first-issue`} className={buttonClass('primary')}>
          Exalate
        </Link>
      )}
      {inviting && (
        <>
          <Button onClick={() => void copy()}>Copy invitation code</Button>
          <Button pending={pending} onClick={() => run(() => revokeInvitationAction({ id }), 'Invitation revoked')}>
            Revoke
          </Button>
        </>
      )}
      <Button look="subtle" className="text-danger-ink!" onClick={() => setDeleting(true)}>
        Delete
      </Button>
      <DeleteConfirm connection={connection} open={deleting} onClose={() => setDeleting(false)} />
    </>
  );
}
