'use client';
import { useState } from 'react';
import { Button, type ButtonLook } from '#/ui/primitives/button.tsx';
import { ConnectDialog, type ConnectDialogProps } from './connect-dialog.tsx';

/** A button that opens the dialog "Connect". */
export function ConnectButton({
  look = 'default',
  compact = false,
  ...dialog
}: Omit<ConnectDialogProps, 'onClose'> & { look?: ButtonLook; compact?: boolean }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button look={look} compact={compact} onClick={() => setOpen(true)}>
        Connect
      </Button>
      {open && <ConnectDialog {...dialog} onClose={() => setOpen(false)} />}
    </>
  );
}
