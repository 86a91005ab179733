'use client';
import { Ellipsis } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState, useTransition } from 'react';
import type { ConnectionStatus } from '#/engine/connection/status.ts';
import { useFlags } from '#/ui/patterns/flags.tsx';
import { Menu, MenuItem, MenuLine } from '#/ui/primitives/menu.tsx';
import { type Answer, attempt } from '#/ui/ask-server.ts';
import { copyText } from '#/ui/copy-text.ts';
import { useUrlDialog } from '../../_components/use-url-dialog.ts';
import { ConnectDialog } from '../../_components/connect-dialog.tsx';
import { invitationAction, renewInvitationAction, revokeInvitationAction, setActiveAction } from '../actions.ts';
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
  const flags = useFlags();
  const [pending, startTransition] = useTransition();
  const [deleting, setDeleting] = useState(false);
  const connect = useUrlDialog(`connect-${id}`);

  const run = <T extends object>(work: () => Promise<Answer<T>>, done: string): void =>
    startTransition(async () => {
      const result = await attempt(work());
      if (result.ok) flags.done(done);
      else flags.failed(result.error);
      router.refresh();
    });
  const copy = (): void =>
    startTransition(async () => {
      const result = await attempt(invitationAction({ id }));
      if (!result.ok) flags.failed(result.error);
      else if (await copyText(result.invitation.code)) flags.done('Invitation code copied');
      else router.push(`/connections/new#step=invite&connection=${id}`);
    });

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
        {invitation?.dead === false && <MenuItem onSelect={copy}>Copy invitation code</MenuItem>}
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
