'use client';
import { AlertDialog as BaseAlertDialog } from '@base-ui/react/alert-dialog';
import { Dialog as BaseDialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Problem } from '../problem.ts';
import { Button } from './button.tsx';
import { ProblemMessage } from './messages.tsx';

const backdropClass =
  'fixed inset-0 bg-veil transition-opacity duration-150 data-starting-style:opacity-0 data-ending-style:opacity-0';
const popupClass =
  'fixed inset-x-2 top-2 mx-auto flex max-h-[calc(100dvh-1rem)] w-auto flex-col rounded-md bg-raised text-ink shadow-overlay ' +
  'transition-[opacity,translate] duration-150 data-starting-style:-translate-y-2 data-starting-style:opacity-0 ' +
  'data-ending-style:opacity-0 sm:top-[8vh] sm:max-h-[84dvh]';

export interface DialogProps {
  title: string;
  open?: boolean;
  /** Escape, the cross or a click beside it asked to close. */
  onClose: () => void;
  children: ReactNode;
}

/** Attribute of the element that has the focus when a dialog opens or changes its step. */
export const focusFirst = { 'data-focus-first': '' } as const;

export function focusFirstElement(): HTMLElement | null {
  return document.querySelector<HTMLElement>('[role=dialog] [data-focus-first]');
}

/** A modal dialog named by its title. */
export function Dialog({ title, open = true, onClose, children }: DialogProps) {
  return (
    <BaseDialog.Root open={open} onOpenChange={(next) => !next && onClose()} disablePointerDismissal>
      <BaseDialog.Portal>
        <BaseDialog.Backdrop className={backdropClass} />
        <BaseDialog.Popup
          className={`${popupClass} sm:max-w-[37.5rem]`}
          initialFocus={() => focusFirstElement() ?? true}
        >
          <header className="flex items-start justify-between gap-4 px-6 pt-5 pb-3">
            <BaseDialog.Title className="text-xl font-semibold">{title}</BaseDialog.Title>
            <BaseDialog.Close
              aria-label="Close"
              className="-mt-0.5 -mr-2 grid size-8 shrink-0 place-items-center rounded-sm text-subtle hover:bg-hover"
            >
              <X aria-hidden className="size-4" />
            </BaseDialog.Close>
          </header>
          {children}
        </BaseDialog.Popup>
      </BaseDialog.Portal>
    </BaseDialog.Root>
  );
}

/** Content of a dialog: the body scrolls, the buttons stay. */
export function DialogBody({ children, actions }: { children: ReactNode; actions: ReactNode }) {
  return (
    <>
      <div className="min-h-0 flex-1 space-y-4 overflow-y-auto px-6 py-1">{children}</div>
      <footer className="flex flex-wrap items-center justify-end gap-2 px-6 pt-4 pb-5">{actions}</footer>
    </>
  );
}

export interface ConfirmProps {
  title: string;
  open: boolean;
  confirmLabel: string;
  cancelLabel?: string;
  danger?: boolean;
  pending?: boolean;
  /** Why what was confirmed has been refused. */
  problem?: Problem | null;
  onConfirm: () => void;
  onCancel: () => void;
  children: ReactNode;
}

/** Asks before something that cannot be taken back. */
export function Confirm(props: ConfirmProps) {
  const {
    title,
    open,
    confirmLabel,
    cancelLabel = 'Cancel',
    danger = false,
    pending = false,
    problem = null,
    onConfirm,
    onCancel,
    children,
  } = props;
  return (
    <BaseAlertDialog.Root open={open} onOpenChange={(next) => !next && onCancel()}>
      <BaseAlertDialog.Portal>
        <BaseAlertDialog.Backdrop className={backdropClass} forceRender />
        <BaseAlertDialog.Popup className={`${popupClass} sm:max-w-[25rem]`}>
          <div className="space-y-3 overflow-y-auto px-6 pt-5">
            <BaseAlertDialog.Title className="text-xl font-semibold">{title}</BaseAlertDialog.Title>
            <BaseAlertDialog.Description render={<div />} className="space-y-2">
              {children}
            </BaseAlertDialog.Description>
            {problem && <ProblemMessage problem={problem} />}
          </div>
          <footer className="flex flex-wrap justify-end gap-2 px-6 pt-4 pb-5">
            <BaseAlertDialog.Close render={<Button look="subtle" />}>{cancelLabel}</BaseAlertDialog.Close>
            <Button look={danger ? 'danger' : 'primary'} pending={pending} onClick={onConfirm}>
              {confirmLabel}
            </Button>
          </footer>
        </BaseAlertDialog.Popup>
      </BaseAlertDialog.Portal>
    </BaseAlertDialog.Root>
  );
}
