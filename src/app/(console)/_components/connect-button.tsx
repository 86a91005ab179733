'use client';
import { Button, type ButtonLook } from '#/ui/primitives/button.tsx';
import { ConnectDialog, type ConnectDialogProps } from './connect-dialog.tsx';
import { useUrlDialog } from './use-url-dialog.ts';

/** A button that opens the dialog "Connect". */
export function ConnectButton({
  look = 'default',
  compact = false,
  ...dialog
}: Omit<ConnectDialogProps, 'onClose'> & { look?: ButtonLook; compact?: boolean }) {
  const { connectionId } = dialog;
  const { open, show, close } = useUrlDialog(connectionId === '' ? 'connect' : `connect-${connectionId}`);
  return (
    <>
      <Button look={look} compact={compact} onClick={show}>
        Connect
      </Button>
      {open && <ConnectDialog {...dialog} onClose={close} />}
    </>
  );
}
