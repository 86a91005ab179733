'use client';
import { Ellipsis } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { ConnectionStatus } from '#/engine/connection/status.ts';
import { Menu, MenuItem, MenuLine } from '#/ui/primitives/menu.tsx';
import { useAction } from '../../_components/use-action.ts';
import { useUrlDialog } from '../../_components/use-url-dialog.ts';
import { ConnectDialog } from '../../_components/connect-dialog.tsx';
import { renewInvitationAction, revokeInvitationAction, setActiveAction } from '../actions.ts';
import { useCopyInvitation } from './use-copy-invitation.ts';
import { DeleteConfirm } from './delete-confirm.tsx';

export interface MenuConnection {
  id: string;
  name: string;
  status: ConnectionStatus;
  underSync: number;
  /** Set while pending on the inviting side. */
  invitation: { dead: boolean } | null;
}

export function RowMenu({ connection }: { connection: MenuConnection }) {
  const { id, name, status, invitation } = connection;
  const router = useRouter();
  const { pending, run } = useAction();
  const [deleting, setDeleting] = useState(false);
  const connect = useUrlDialog(`connect-${id}`);

  const copy = useCopyInvitation(id);

  return (
    <>
      <Menu
        trigger={
          <button
            type="button"
            aria-label={`Actions for ${name}`}
            aria-busy={pending || undefined}
            className="inline-grid size-8 place-items-center rounded-sm text-subtle hover:bg-pressed data-popup-open:bg-selected data-popup-open:text-selected-ink pointer-coarse:size-11"
          >
            <Ellipsis aria-hidden className="size-5" />
          </button>
        }
      >
        {status === 'active' && (
          <MenuItem onSelect={() => router.push(`/connections/${id}?tab=first-issue`)}>Exalate</MenuItem>
        )}
        {status === 'active' && <MenuItem onSelect={connect.show}>Connect</MenuItem>}
        {invitation?.dead === false && <MenuItem onSelect={() => void copy()}>Copy invitation code</MenuItem>}
        {invitation?.dead === false && (
          <MenuItem onSelect={() => run(() => revokeInvitationAction({ id }), 'Invitation revoked')}>Revoke</MenuItem>
        )}
        {invitation?.dead === true && (
          <MenuItem
            onSelect={() =>
              run(() => renewInvitationAction({ id }), 'New invitation made: copy its code from this menu')
            }
          >
            Make a new invitation
          </MenuItem>
        )}
        {status === 'active' && (
          <MenuItem onSelect={() => run(() => setActiveAction({ id, active: false }), `${name} is deactivated`)}>
            Deactivate
          </MenuItem>
        )}
        {(status === 'deactivated' || status === 'error') && (
          <MenuItem onSelect={() => run(() => setActiveAction({ id, active: true }), `${name} is active`)}>
            Activate
          </MenuItem>
        )}
        {status !== 'pending' && (
          <MenuItem onSelect={() => router.push(`/connections/${id}?tab=rules`)}>Upgrade</MenuItem>
        )}
        <MenuLine />
        <MenuItem danger onSelect={() => setDeleting(true)}>
          Delete
        </MenuItem>
      </Menu>
      <DeleteConfirm connection={connection} open={deleting} onClose={() => setDeleting(false)} />
      {connect.open && (
        <ConnectDialog connections={[{ id, name }]} connectionId={id} localKey="" onClose={connect.close} />
      )}
    </>
  );
}
