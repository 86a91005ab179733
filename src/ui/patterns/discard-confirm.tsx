'use client';
import type { ReactNode } from 'react';
import { Confirm } from '../primitives/dialog.tsx';

export interface DiscardConfirmProps {
  open: boolean;
  /** What stays as it is when the dialog is left. */
  children: ReactNode;
  onDiscard: () => void;
  onKeep: () => void;
}

/** Asks before a dialog throws away what was entered. */
export function DiscardConfirm({ open, children, onDiscard, onKeep }: DiscardConfirmProps) {
  return (
    <Confirm
      title="Discard what you entered?"
      open={open}
      confirmLabel="Discard"
      danger
      cancelLabel="Keep editing"
      onConfirm={onDiscard}
      onCancel={onKeep}
    >
      <p>{children}</p>
    </Confirm>
  );
}
